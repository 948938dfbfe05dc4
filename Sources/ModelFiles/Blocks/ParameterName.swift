internal import Expressions

extension String {
  /// Whether the text is a valid name of a block's parameter.
  ///
  /// A name has letters, digits and `_`. It does not begin with a digit, and is not a word of
  /// formulas.
  var isParameterName: Bool {
    guard let first = utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
      return false
    }
    return utf8.count <= 100 && utf8.allSatisfy(\.isNameByte) && !Formula.words.contains(self)
  }
}

extension UInt8 {
  /// Whether a variable's or parameter's name may contain the byte: a letter, a digit or `_`.
  var isNameByte: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
      true
    default: false
    }
  }
}
