/// One prepared piece of work, with bound operands and checked extents.
///
/// Running a kernel allocates no memory and searches no table.
package protocol Kernel: Sendable {
  func run()
}
