/// The version of cellgen, written into every manifest and every JSON object.
public let cellgenVersion = "0.1.0"
