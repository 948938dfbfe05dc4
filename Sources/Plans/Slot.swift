/// A tensor of a plan, by index. The plan's ``SlotDescription`` describes it.
package struct Slot: Hashable, Sendable {
  package let index: Int
}
