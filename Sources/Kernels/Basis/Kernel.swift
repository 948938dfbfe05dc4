/// One prepared piece of work: all operands are bound, all extents checked. Running it allocates nothing and looks
/// nothing up.
package protocol Kernel: Sendable {
  func run()
}
