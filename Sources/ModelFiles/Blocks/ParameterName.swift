internal import Expressions

extension String {
  /// Whether a block's parameter can have the name: letters, digits and `_`, but neither a digit first nor a word of
  /// formulas.
  var isParameterName: Bool {
    guard let first = utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return false
    }
    return utf8.count <= 100 && utf8.allSatisfy(\.isNameByte) && !Formula.words.contains(self)
  }
}

extension UInt8 {
  /// Whether the name of a variable or parameter can hold the byte: a letter, a digit or `_`.
  var isNameByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
