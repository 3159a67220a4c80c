internal import Crystal
internal import Yams

/// Reads values out of a YAML file and collects everything that is wrong with it.
struct YAMLReader {
  /// Name of the file, for messages.
  let file: String

  /// What is wrong, in the order in which it was found.
  var problems: [InputError] = []

  /// Parses a text whose top level is a mapping; nil, with a problem, if it is none.
  mutating func document(_ text: String) -> Node? {
    do {
      guard let node = try Yams.compose(yaml: text), node.mapping != nil else {
        report("the file is empty or not a list of keys with values", at: nil, "", nil)
        return nil
      }
      return node
    } catch let error as YamlError {
      report("this is not YAML: \(YAMLReader.firstLine(error))", at: nil, "", nil)
    } catch {
      report("this is not YAML: \(error)", at: nil, "", nil)
    }
    return nil
  }

  /// Adds a problem.
  mutating func report(_ message: String, at node: Node?, _ key: String, _ hint: String?) {
    let line = node?.mark.map { ":\($0.line)" } ?? ""
    let place = key.isEmpty ? "\(file)\(line)" : "\(file)\(line): \(key)"
    problems.append(InputError(message, at: place, hint: hint))
  }

  /// The values of a mapping by key; keys that are not expected are reported.
  mutating func mapping(_ node: Node, _ path: String, keys: [String]?) -> [(String, Node)] {
    guard let mapping = node.mapping else {
      report("expected keys with values", at: node, path, nil)
      return []
    }
    var values: [(String, Node)] = []
    for (key, value) in mapping {
      guard let name = key.string ?? key.scalar?.string else {
        report("a key is not text", at: key, path, nil)
        continue
      }
      if let keys, !keys.contains(name) {
        let near = nearestMatch(to: name, among: keys)
        report(
          "unknown key \"\(name)\"", at: key, path,
          near.map { "did you mean \($0)?" } ?? "keys are \(keys.joined(separator: ", "))")
        continue
      }
      values.append((name, value))
    }
    return values
  }

  /// A finite number.
  mutating func real(_ node: Node, _ path: String) -> Double? {
    guard let text = node.scalar?.string, let value = NumberReader.real(text) else {
      report("\(YAMLReader.show(node)) is not a finite number", at: node, path, nil)
      return nil
    }
    return value
  }

  /// An integer.
  mutating func integer(_ node: Node, _ path: String) -> Int? {
    guard let text = node.scalar?.string, let value = NumberReader.integer(text) else {
      report("\(YAMLReader.show(node)) is not an integer", at: node, path, nil)
      return nil
    }
    return value
  }

  /// `true` or `false`.
  mutating func logical(_ node: Node, _ path: String) -> Bool? {
    switch node.scalar?.string {
    case "true": return true
    case "false": return false
    default:
      report("\(YAMLReader.show(node)) is neither true nor false", at: node, path, nil)
      return nil
    }
  }

  /// A word.
  mutating func text(_ node: Node, _ path: String) -> String? {
    guard let text = node.scalar?.string, !text.isEmpty else {
      report("expected a word", at: node, path, nil)
      return nil
    }
    return text
  }

  /// A list; a single value counts as a list of one.
  mutating func list(_ node: Node, _ path: String) -> [Node] {
    if let sequence = node.sequence { return Array(sequence) }
    if node.scalar != nil { return [node] }
    report("expected a list", at: node, path, nil)
    return []
  }

  /// Three numbers.
  mutating func vector(_ node: Node, _ path: String) -> SIMD3<Double>? {
    guard let sequence = node.sequence, sequence.count == 3 else {
      report("expected three numbers, such as [0, 0.5, 0.25]", at: node, path, nil)
      return nil
    }
    var vector = SIMD3<Double>.zero
    for (axis, entry) in sequence.enumerated() {
      guard let text = entry.scalar?.string,
        let value = NumberReader.real(text) ?? NumberReader.rational(text)?.doubleValue
      else {
        report("\(YAMLReader.show(entry)) is not a finite number", at: entry, path, nil)
        return nil
      }
      vector[axis] = value
    }
    return vector
  }

  private static func show(_ node: Node) -> String {
    node.scalar.map { "\"\($0.string)\"" } ?? "a list"
  }

  private static func firstLine(_ error: YamlError) -> String {
    let lines = "\(error)".split(separator: "\n")
    return lines.first.map(String.init) ?? "unreadable"
  }
}
