// Only carries the compiler flags of the library; the headers are used by the target CQhull.
