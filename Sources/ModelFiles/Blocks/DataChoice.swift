internal import Fields
internal import YAML

/// Selects one choice of a data part that is a list: the one whose `when` is true.
///
///     data:
///       train:
///         - {when: $(data == ''), source: generated_images}
///         - {when: $(data != ''), source: idx, images: "${data}/images", labels: "${data}/labels"}
extension Node {
  /// Returns the `data:` section with one mapping for each part. The section must not contain
  /// variables any more.
  ///
  /// The fields of the other choices are not read.
  ///
  /// - Parameter spoilt: places of values that could not be replaced. A choice that depends on
  ///   such a value is not reported again.
  func choosingData(_ spoilt: Set<String>, _ diagnostics: inout Diagnostics) -> Node {
    guard var pairs else { return self }
    for index in pairs.indices {
      guard let choices = pairs[index].value.items else { continue }
      let part = pairs[index].key.scalar?.text ?? ""
      let answers = choices.map { $0.isTaken(part, spoilt, &diagnostics) }
      let taken = zip(choices, answers).filter { $1 == true }.map(\.0)
      // A choice with an unknown condition has its own report.
      if taken.count != 1, !answers.contains(nil) {
        diagnostics.error(
          "\(part.quotable) data: expected one choice whose when is true, received "
            + (taken.isEmpty ? "none" : "\(taken.count)"), at: pairs[index].value.mark,
          notes: taken.dropFirst().prefix(1).map {
            Diagnostic.Note("the second is here", at: $0.mark)
          })
      }
      // Uses the first choice if none is selected, so that the part exists.
      if let choice = taken.first ?? choices.first { pairs[index].value = choice.droppingWhen }
    }
    return Node(.mapping(pairs), at: mark)
  }

  private var droppingWhen: Node {
    guard let pairs else { return self }
    return Node(.mapping(pairs.filter { $0.key.scalar?.text != "when" }), at: mark)
  }

  /// Returns whether the choice is taken: the value of `when`, or true without a `when`. Nil, after
  /// a report, when `when` is invalid.
  private func isTaken(
    _ part: String, _ spoilt: Set<String>, _ diagnostics: inout Diagnostics
  ) -> Bool? {
    guard let when = self["when"], !when.isNull else { return true }
    if case .value(let isTaken) = Bool.decode(when, &diagnostics) { return isTaken }
    if when.isKnown, !spoilt.contains(when.mark.description) {
      diagnostics.error(
        "\(part.quotable) data: when: expected true or false, received \(when.received)",
        at: when.mark)
    }
    return nil
  }
}
