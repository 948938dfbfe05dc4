internal import Files
internal import YAML

extension Verification {
  /// Returns `{"passed": …, "models": […]}` with a line break at its end.
  package static func json(_ verifications: [Verification]) -> String {
    Node.mapping([
      ("passed", .plain(verifications.allSatisfy(\.isPassed) ? "true" : "false")),
      ("skipped", .plain(String(verifications.count { $0.skipReason != nil }))),
      ("models", .sequence(verifications.map(\.record))),
    ]).json
  }

  private var record: Node {
    var pairs: [(String, Node)] = [("model", .quoted(model)), ("result", .quoted(result))]
    if let standard { pairs.append(("compared", .quoted(standard.rawValue))) }
    if let iterations { pairs.append(("iterations", .plain(String(iterations)))) }
    switch outcome {
    case .same, .rewritten: break
    case .skipped(let reason): pairs.append(("reason", .quoted(reason)))
    case .different(let differences):
      pairs.append(("differences", .sequence(differences.map(\.record))))
    case .failed(let failure): pairs.append(("error", .quoted(failure.rendered)))
    }
    return .mapping(pairs)
  }
}

extension Difference {
  fileprivate var record: Node {
    var pairs: [(String, Node)] = [("kind", .quoted(kind.rawValue))]
    if let iteration { pairs.append(("iteration", .plain(String(iteration)))) }
    if let column { pairs.append(("column", .quoted(column))) }
    if let recorded { pairs.append(("recorded", .quoted(recorded))) }
    if let now { pairs.append(("now", .quoted(now))) }
    pairs.append(("message", .quoted(message)))
    return .mapping(pairs)
  }
}

extension Node {
  /// Returns a node that is a text in every case, even if it looks like a number.
  fileprivate static func quoted(_ text: String) -> Node {
    Node(.scalar(Scalar(text: text, style: .quoted)))
  }
}
