/// A kernel whose work is a closure over its checked operands.
///
/// A function that prepares a kernel checks the extents of all operands once, and returns the loop
/// over them.
package struct PreparedLoop: Kernel {
  private let body: @Sendable () -> Void

  package init(_ body: @escaping @Sendable () -> Void) { self.body = body }

  package func run() { body() }
}
