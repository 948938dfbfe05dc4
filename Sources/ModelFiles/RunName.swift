internal import Expressions
@_spi(_Unicode) internal import Swift
internal import YAML

/// The name of a model, and of the folder of its runs.
///
/// A name may contain letters of every script. It has Unicode's composed form (NFC), so that texts
/// with the same look and meaning are one name. It does not contain invisible characters, path
/// separators or characters that change the text direction. It does not look like an option of the
/// command line.
enum RunName {
  static let expectation =
    "a name of 1 to 100 letters, digits, '_', '-' and '.', of at most 255 bytes, that begins with a "
    + "letter, a digit or '_'"

  private static let letterLimit = 100
  /// The longest name that file systems accept.
  private static let byteLimit = 255
  private static let hashDigits = 8

  /// Whether a text is a valid name, in any Unicode form.
  static func isValid(_ text: String) -> Bool {
    let name = normalized(text)
    guard let first = name.unicodeScalars.first else { return false }
    return fits(name) && begins(first) && name.unicodeScalars.allSatisfy(belongs)
  }

  /// Returns the text in composed form.
  static func normalized(_ text: String) -> String {
    var scalars = String.UnicodeScalarView()
    scalars.append(contentsOf: text._nfc)
    return String(scalars)
  }

  /// Returns the default name of a model: the file's name without folder and extension.
  ///
  /// `_` replaces characters that a name cannot contain, and a long name is cut. A hash of the
  /// file's name then keeps such names distinct: `my net.yaml` becomes `my_net-55bf7807`.
  static func name(ofFile path: String) -> String {
    let file = path.utf8.split(separator: UInt8(ascii: "/")).last ?? ""[...].utf8
    let end = file.lastIndex(of: UInt8(ascii: ".")) ?? file.endIndex
    let stem = normalized(String(decoding: file[..<end], as: UTF8.self))
    if isValid(stem) { return stem }
    var name = ""
    for scalar in stem.unicodeScalars {
      let isKept = name.isEmpty ? begins(scalar) : belongs(scalar)
      let longer = name + String(isKept ? scalar : "_")
      guard fits(longer, beside: 1 + hashDigits) else { break }
      name = longer
    }
    return "\(name.isEmpty ? "model" : name)-\(hash(of: stem))"
  }

  private static func fits(_ name: String, beside count: Int = 0) -> Bool {
    name.unicodeScalars.count + count <= letterLimit && name.utf8.count + count <= byteLimit
  }

  private static func begins(_ scalar: Unicode.Scalar) -> Bool {
    guard !scalar.properties.isDefaultIgnorableCodePoint else { return false }
    switch scalar.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter,
      .decimalNumber, .letterNumber:
      return true
    default: return scalar == "_"
    }
  }

  private static func belongs(_ scalar: Unicode.Scalar) -> Bool {
    if begins(scalar) || scalar == "-" || scalar == "." { return true }
    guard !scalar.properties.isDefaultIgnorableCodePoint else { return false }
    // Vowel signs, and accents that remain separate in the composed form.
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .spacingMark: return true
    default: return false
    }
  }

  /// Returns the FNV-1a hash of the bytes, with its two halves combined by XOR.
  ///
  /// Reference: G. Fowler, L. Noll, K.-P. Vo, "The FNV non-cryptographic hash algorithm", 2012.
  private static func hash(of text: String) -> String {
    let hash = text.utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) { hash, byte in
      (hash ^ UInt64(truncatingIfNeeded: byte)) &* 0x100_0000_01b3
    }
    return UInt32(truncatingIfNeeded: hash ^ hash >> 32).digits(hashDigits, radix: 16)
  }
}
