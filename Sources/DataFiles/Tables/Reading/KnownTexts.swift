/// The texts of a column in the blocks above, with their codes.
///
/// Most blocks have no other texts. Such a block needs no codes of its own.
struct KnownTexts {
  var codes = TextCodes()
  /// The number of different codes. Further texts have codes from here on.
  var codeCount = 0
}
