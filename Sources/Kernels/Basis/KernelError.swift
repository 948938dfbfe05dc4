/// A failure of the environment: no memory, or a table of tiles that the processor lacks.
package struct KernelError: Error, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}
