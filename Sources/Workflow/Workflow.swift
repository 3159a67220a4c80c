import Crystal
