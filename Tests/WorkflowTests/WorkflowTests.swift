import Testing

@Suite struct WorkflowTests {}
