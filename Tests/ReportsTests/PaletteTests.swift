import Reports
import Testing

@Suite("Palette")
struct PaletteTests {
  @Test("begins with the hues of Okabe and Ito")
  func hues() {
    let first = (0..<7).map(Palette.light)
    #expect(
      first == ["#0072B2", "#D55E00", "#009E73", "#E69F00", "#CC79A7", "#56B4E9", "#F0E442"])
  }

  @Test("has a different colour for each index before it repeats")
  func distinct() {
    let indices = 0..<Palette.count
    #expect(Palette.count >= 20)
    #expect(Set(indices.map(Palette.light)).count == Palette.count)
    #expect(Set(indices.map(Palette.dark)).count == Palette.count)
    #expect(Palette.light(Palette.count) == Palette.light(0))
  }

  @Test("writes colours with all their digits")
  func digits() {
    for index in 0..<Palette.count {
      for color in [Palette.light(index), Palette.dark(index)] {
        #expect(color.utf8.count == 7)
        #expect(color.first == "#")
        #expect(Int(color.dropFirst(), radix: 16) != nil)
      }
    }
  }
}
