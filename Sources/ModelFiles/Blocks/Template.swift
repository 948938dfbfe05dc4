internal import Expressions

/// A scalar's text, split into plain pieces and uses of `${name}` and `$(…)`.
///
/// `$${` and `$$(` stand for a literal `${` and `$(`. Any other `$` is literal.
struct Template {
  enum Piece {
    case text(String)
    case variable(String)
    case formula(Formula)
  }

  /// The reason why a text is not a template.
  enum Failure: Error {
    case unclosedVariable
    case formula(FormulaMistake)
  }

  private(set) var pieces: [Piece] = []
  /// The byte offset of each piece in the text.
  private(set) var starts: [Int] = []

  init(_ text: String) throws(Failure) {
    let bytes = Array(text.utf8)
    func byte(_ offset: Int) -> UInt8? { offset < bytes.count ? bytes[offset] : nil }
    var (start, offset) = (0, 0)
    func add(_ piece: Piece, from begin: Int) {
      pieces.append(piece)
      starts.append(begin)
    }
    func addLiteral() {
      guard start < offset else { return }
      add(.text(String(decoding: bytes[start..<offset], as: UTF8.self)), from: start)
    }
    while offset < bytes.count {
      guard bytes[offset] == UInt8(ascii: "$") else {
        offset += 1
        continue
      }
      switch (byte(offset + 1), byte(offset + 2)) {
      case (UInt8(ascii: "$"), UInt8(ascii: "{")), (UInt8(ascii: "$"), UInt8(ascii: "(")):
        addLiteral()
        start = offset + 1
        offset += 3
      case (UInt8(ascii: "{"), _):
        addLiteral()
        guard let end = bytes[offset...].firstIndex(of: UInt8(ascii: "}")) else {
          throw .unclosedVariable
        }
        add(.variable(String(decoding: bytes[(offset + 2)..<end], as: UTF8.self)), from: offset)
        offset = end + 1
        start = offset
      case (UInt8(ascii: "("), _):
        addLiteral()
        do throws(FormulaMistake) {
          let (formula, end) = try Formula.embedded(in: bytes, at: offset)
          try formula.checkNumbers()
          add(.formula(formula), from: offset)
          offset = end
        } catch {
          throw .formula(error)
        }
        start = offset
      default:
        offset += 1
      }
    }
    addLiteral()
  }

  /// The single use that makes up the whole text.
  var lone: Piece? { pieces.count == 1 ? pieces[0] : nil }

  /// The names in all uses, with repetitions.
  var names: [String] {
    pieces.flatMap { piece -> [String] in
      switch piece {
      case .text: []
      case .variable(let name): [name]
      case .formula(let formula): formula.names.map(\.name)
      }
    }
  }
}
