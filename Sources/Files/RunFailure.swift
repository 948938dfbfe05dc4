package import YAML

/// Why a command ends without success; each kind has its exit code.
package enum RunFailure: Error, Sendable {
  /// The user's mistakes, at their places.
  case refused(Diagnostics)
  /// A mistake that has no place in a file.
  case refusedInput(String)
  /// Training left the finite numbers; what was recorded until then is kept.
  case diverged(String)
  /// The environment: files, memory.
  case environment(String)
  /// The same, at the places of a model file that name what cannot be read.
  case unreadable(Diagnostics)
  /// A signal asked to stop; the state is saved.
  case interrupted(signal: Int32, String)
  /// What was to be held does not hold.
  case unmet(String)
  /// A run came to its end and did not reach what its file expects, at the places that say so.
  case unreached(Diagnostics)

  package init(_ failure: ReadFailure) {
    self =
      switch failure {
      case .io(let message): .environment(message)
      case .content(let diagnostics): .refused(diagnostics)
      }
  }

  package var exitCode: Int32 {
    switch self {
    case .refused, .refusedInput: 1
    case .diverged: 3
    case .environment, .unreadable: 4
    case .interrupted(let signal, _): 128 + signal
    case .unmet, .unreached: 5
    }
  }

  /// As it is printed to standard error. Each message is cut at 4,000 characters, also where it quotes a file.
  package var rendered: String {
    switch self {
    case .refused(let diagnostics), .unreadable(let diagnostics), .unreached(let diagnostics):
      diagnostics.rendered
    case .interrupted(_, let message): message.asMessage
    case .refusedInput(let message), .diverged(let message), .environment(let message),
      .unmet(let message):
      "error: \(message.asMessage)"
    }
  }
}
