package import Plans

/// The slots that a rule computes for a whole parameter before the pass over its tiles.
package struct UpdatePreparation: Sendable {
  /// The sums of squares that ``Norms`` adds.
  package var norms: Slot?
  /// The direction of the whole parameter, with its padding.
  package var direction: Slot?

  package init(norms: Slot? = nil, direction: Slot? = nil) {
    self.norms = norms
    self.direction = direction
  }

  /// The slots that the pass over the tiles reads.
  package var slots: [Slot] { [norms, direction].compactMap { $0 } }
}
