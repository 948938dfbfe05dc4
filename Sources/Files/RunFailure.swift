package import YAML

/// The reason why a command failed. Each kind has its exit code.
package enum RunFailure: Error, Sendable {
  /// Mistakes of the user, with their positions.
  case refused(Diagnostics)
  /// A mistake of the user without a position in a file.
  case refusedInput(String)
  /// Training produced infinite or NaN values. The earlier records are kept.
  case diverged(String)
  /// A failure of the environment, such as files or memory.
  case environment(String)
  /// The system could not read files. The positions are where the model file names them.
  case unreadable(Diagnostics)
  /// A signal requested the stop. The state is saved.
  case interrupted(signal: Int32, String)
  /// A checked condition does not hold.
  case unmet(String)
  /// A run finished without reaching the expectations of its model file. The positions point at
  /// these expectations.
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

  /// The text for standard error. Each message is cut at 4,000 characters, even if it quotes a
  /// file.
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
