internal import Fields
internal import YAML

/// A part of the data that is a list of choices: `when` leaves one of them.
///
///     data:
///       train:
///         - {when: $(data == ''), source: generated_images}
///         - {when: $(data != ''), source: idx, images: "${data}/images", labels: "${data}/labels"}
extension Node {
  /// The `data:` section, its uses of variables replaced, with one mapping for each part.
  ///
  /// What a choice that is left out states is not read.
  ///
  /// - Parameter spoilt: places of values that could not be replaced; a choice that depends on one
  ///   is passed over, since that was reported.
  func choosingData(_ spoilt: Set<String>, _ diagnostics: inout Diagnostics) -> Node {
    guard var pairs else { return self }
    for index in pairs.indices {
      guard let choices = pairs[index].value.items else { continue }
      let part = pairs[index].key.scalar?.text ?? ""
      let answers = choices.map { $0.isTaken(part, spoilt, &diagnostics) }
      let taken = zip(choices, answers).filter { $1 == true }.map(\.0)
      // Where one is not known, that is the mistake.
      if taken.count != 1, !answers.contains(nil) {
        diagnostics.error(
          "\(part.quotable) data: expected one choice whose when is true, received "
            + (taken.isEmpty ? "none" : "\(taken.count)"), at: pairs[index].value.mark,
          notes: taken.dropFirst().prefix(1).map {
            Diagnostic.Note("the second is here", at: $0.mark)
          })
      }
      // Any choice, so that the part is there.
      if let choice = taken.first ?? choices.first { pairs[index].value = choice.droppingWhen }
    }
    return Node(.mapping(pairs), at: mark)
  }

  private var droppingWhen: Node {
    guard let pairs else { return self }
    return Node(.mapping(pairs.filter { $0.key.scalar?.text != "when" }), at: mark)
  }

  /// What the choice's `when` says; true without one, nil, reported, where it says nothing.
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
