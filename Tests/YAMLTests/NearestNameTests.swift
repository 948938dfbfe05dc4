import Oracles
import Testing
import YAML

@Suite struct NearestNameTests {
  private let names = ["momentum", "weight_decay", "base_lr", "gamma", "type", "top", "bottom"]

  @Test(arguments: [
    ("momentun", "momentum"), ("momentm", "momentum"), ("mmoentum", "momentum"),
    ("MOMENTUM", "momentum"), ("momentumm", "momentum"), ("weigth_decay", "weight_decay"),
    ("weightdecay", "weight_decay"), ("baselr", "base_lr"), ("gama", "gamma"), ("typ", "type"),
    ("tpo", "top"), ("to", "top"), ("botom", "bottom"),
  ]) func findsTheNearest(_ misspelt: String, _ name: String) {
    #expect(names.nearest(to: misspelt) == name)
  }

  @Test(arguments: ["", "x", "momen", "learning_rate", "zzzz", "kernel"])
  func findsNothingFar(_ name: String) {
    #expect(names.nearest(to: name) == nil)
  }

  @Test func theFirstOfEqualsWins() {
    #expect(["bat", "cat", "hat"].nearest(to: "rat") == "bat")
    #expect(["batt", "cat", "rat"].nearest(to: "rat") == "rat")
  }

  @Test func aSingleLetterIsNearOnlyToItself() {
    #expect(["a", "k"].nearest(to: "x") == nil)
    #expect(["a", "K"].nearest(to: "k") == "K")
  }

  @Test func lettersAreScalars() {
    #expect(["größe"].nearest(to: "grösse") == "größe")
  }

  @Test func hugeNamesHaveNone() {
    let name = String(repeating: "a", count: 100)
    #expect([name].nearest(to: name) == name)
    #expect([name].nearest(to: name + "a") == nil)
    #expect([String(repeating: "a", count: 1 << 20)].nearest(to: name) == nil)
  }

  @Test func onlyTheFirstThousandNamesAreLookedAt() {
    let names = (0..<1000).map { "layer\($0)" } + ["conv"]
    #expect(names.nearest(to: "convv") == nil)
    #expect(names.dropFirst().nearest(to: "convv") == "conv")
  }

  /// Searches for a thousand misspelt names among a thousand names.
  @Test func isQuick() {
    let names = (0..<1000).map { "convolution\($0)" }
    let start = threadSeconds()
    var found = 0
    for number in 0..<1000 where names.nearest(to: "convolutoin\(number)") != nil { found += 1 }
    #expect(found == 1000)
    #expect(threadSeconds() - start < 2)
  }
}
