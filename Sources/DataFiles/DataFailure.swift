internal import Tensors
internal import YAML

/// The reason why data could not be loaded.
///
/// The message names the file and the place in it. The place is a row and a column, a byte, or an
/// element. A row is a line number of the file. The message also says what was expected and what
/// was received.
package enum DataFailure: Error, Equatable, Sendable {
  /// The data contradict the model file.
  case content(String)
  /// The data contradict a field of the model file.
  case field(String, message: String, of: DataPhase)
  /// Cells of a table are wrong, in a part of the data or in a table for prediction.
  case cells(BadCells, of: DataPhase? = nil)
  /// The system refused: a missing file, missing permission, or no memory.
  ///
  /// Names the part and its field that states the file, when they are known.
  case io(String, field: String? = nil, of: DataPhase? = nil)

  package var message: String {
    switch self {
    case .content(let message), .field(_, let message, _), .io(let message, _, _): message
    case .cells(let cells, _): cells.message
    }
  }
}

extension DataFailure {
  /// Returns the failure with the field of the model file that causes it.
  package func blaming(_ field: String, of phase: DataPhase) -> DataFailure {
    switch self {
    case .content(let message): .field(field, message: message, of: phase)
    case .io(let message, nil, _): .io(message, field: field, of: phase)
    case .field, .cells, .io: self
    }
  }

  /// Returns the result of `body`. When the system refuses a file, the failure names the field that
  /// states it.
  static func reading<Value>(
    _ field: String, of phase: DataPhase, _ body: () throws(DataFailure) -> Value
  ) throws(DataFailure) -> Value {
    do throws(DataFailure) {
      return try body()
    } catch {
      guard case .io = error else { throw error }
      throw error.blaming(field, of: phase)
    }
  }

  /// Returns the result of `body`. When the system refuses a file, the failure names the part.
  package static func reading<Value>(
    _ phase: DataPhase, _ body: () throws(DataFailure) -> Value
  ) throws(DataFailure) -> Value {
    do throws(DataFailure) {
      return try body()
    } catch {
      guard case .io(let message, let field, nil) = error else { throw error }
      throw .io(message, field: field, of: phase)
    }
  }

  /// Returns the result of `body`. A failure names `field`.
  package static func blaming<Value>(
    _ field: String, of phase: DataPhase, _ body: () throws(DataFailure) -> Value
  ) throws(DataFailure) -> Value {
    do throws(DataFailure) {
      return try body()
    } catch {
      throw error.blaming(field, of: phase)
    }
  }
}
