/// A failure of the environment: no memory, or a primitive that oneDNN refused.
package struct KernelError: Error, Sendable {
  package let message: String

  package init(_ message: String) { self.message = message }
}
