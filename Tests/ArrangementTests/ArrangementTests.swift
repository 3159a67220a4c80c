import Testing

@Suite struct ArrangementTests {}
