import Tensors
import Testing

@Suite("Random streams") struct RandomStreamTests {
  struct Golden: CustomTestStringConvertible {
    let seed: Int
    let purpose: RandomPurpose
    let index: Int
    let bits: UInt64

    var testDescription: String { "seed \(seed), \(purpose), number \(index)" }
  }

  /// A second implementation, with Python's integers, computed these values. Philox's counter is
  /// (⌊index/2⌋, FNV-1a of the purpose's text), and its key is the seed. An even index takes the
  /// first two words of the block.
  @Test(
    "never change",
    arguments: [
      Golden(seed: 1, purpose: .split, index: 0, bits: 0x72A8_CA06_6DC0_1EB5),
      Golden(seed: 1, purpose: .split, index: 1, bits: 0x9F88_BC51_0804_0EBD),
      Golden(seed: 1, purpose: .split, index: 2, bits: 0xF554_CB6A_4022_9A5D),
      Golden(seed: 0, purpose: .shuffle(epoch: 0), index: 7, bits: 0xC765_5A60_A93F_978B),
      Golden(
        seed: -1, purpose: .initialization(parameter: "ip1.weight"), index: 12_345,
        bits: 0xF54E_20F8_239B_47BB),
      Golden(
        seed: 1 << 62, purpose: .generation(phase: "train"), index: 1 << 40 + 3,
        bits: 0x50AD_2D50_DD21_D39F),
    ])
  func goldens(test: Golden) {
    #expect(RandomStream(seed: test.seed, purpose: test.purpose).bits(at: test.index) == test.bits)
  }

  static let purposes: [RandomPurpose] = [
    .initialization(parameter: "ip1.weight"), .initialization(parameter: "ip1.bias"),
    .shuffle(epoch: 0), .shuffle(epoch: 1), .split, .generation(phase: "train"),
    .generation(phase: "test"),
  ]

  @Test("of different purposes and seeds are not correlated")
  func independence() {
    let seeds = [0, 1, 2, -1, 1 << 32, .min, .max]
    let streams = seeds.flatMap { seed in
      RandomStreamTests.purposes.map { RandomStream(seed: seed, purpose: $0) }
    }
    var seen: Set<UInt64> = []
    let count = 500
    let uniforms = streams.map { stream in (0..<count).map { stream.uniform(at: $0) } }
    for stream in streams {
      for index in 0..<count { seen.insert(stream.bits(at: index)) }
    }
    #expect(seen.count == streams.count * count)
    // The correlation of independent uniforms has a standard deviation of 1/√500 = 0.045. The limit
    // is five deviations, because the test compares 1,176 pairs.
    for (index, first) in uniforms.enumerated() {
      for second in uniforms.dropFirst(index + 1) {
        var sum = 0.0
        for number in 0..<count { sum += (first[number] - 0.5) * (second[number] - 0.5) }
        #expect(abs(sum / Double(count) * 12) < 0.23)
      }
    }
  }

  @Test("are uniform: moments, and counts in sixteen intervals", arguments: purposes)
  func uniforms(purpose: RandomPurpose) {
    let stream = RandomStream(seed: 3, purpose: purpose)
    let count = 100_000
    let values = (0..<count).map { stream.uniform(at: $0) }
    #expect(values.allSatisfy { $0 >= 0 && $0 < 1 })
    let mean = values.reduce(0, +) / Double(count)
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(count)
    // The limits are four standard deviations: 4·√(1/12)/√n, 4·√(1/180)/√n.
    #expect(abs(mean - 0.5) < 0.0037)
    #expect(abs(variance - 1.0 / 12) < 0.00095)
    var sixteenths = [Int](repeating: 0, count: 16)
    for value in values { sixteenths[Int(value * 16)] += 1 }
    let chiSquare = sixteenths.reduce(0.0) { sum, hits in
      let difference = Double(hits) - Double(count) / 16
      return sum + difference * difference / (Double(count) / 16)
    }
    // χ² with 15 degrees of freedom exceeds 44.3 once in 10,000, and falls below 2.1 as rarely.
    #expect((2.1...44.3).contains(chiSquare))
  }

  @Test("are normal: the first four moments, and the tails", arguments: purposes)
  func normals(purpose: RandomPurpose) {
    let stream = RandomStream(seed: 5, purpose: purpose)
    let count = 100_000
    var moments = [Double](repeating: 0, count: 5)
    var beyondThree = 0
    for index in 0..<count {
      let value = stream.normal(at: index)
      var power = 1.0
      for exponent in 1...4 {
        power *= value
        moments[exponent] += power / Double(count)
      }
      if abs(value) > 3 { beyondThree += 1 }
    }
    // The limits are four standard deviations: 4·√(1, 2, 15, 96)/√n.
    #expect(abs(moments[1]) < 0.0127)
    #expect(abs(moments[2] - 1) < 0.0179)
    #expect(abs(moments[3]) < 0.049)
    #expect(abs(moments[4] - 3) < 0.124)
    // 270 expected, standard deviation 16.4.
    #expect((204...336).contains(beyondThree))
  }

  @Test("compute the normal value at an index from the uniforms at 2·index and 2·index + 1")
  func normalsFromUniforms() {
    let stream = RandomStream(seed: 6, purpose: .split)
    for index in 0..<1_000 {
      let (u, v) = (stream.uniform(at: 2 * index), stream.uniform(at: 2 * index + 1))
      let normal = stream.normal(at: index)
      // Compares the square of the radius and the quadrant of the angle.
      #expect(normal * normal <= -2 * RandomStreamTests.logarithm(1 - u) + 1e-9)
      #expect((normal > 0) == (v < 0.25 || v > 0.75))
    }
  }

  /// ln x for 0 < x ≤ 1: 2·artanh((m − 1)/(m + 1)) of the significand, and the exponent's share.
  private static func logarithm(_ x: Double) -> Double {
    let ratio = (x.significand - 1) / (x.significand + 1)
    var (power, sum) = (ratio, 0.0)
    for exponent in stride(from: 1, through: 41, by: 2) {
      sum += 2 * power / Double(exponent)
      power *= ratio * ratio
    }
    return sum + Double(x.exponent) * 0.693_147_180_559_945_3
  }

  /// Durstenfeld's shuffle by its definition: the bits at `last` select the partner of place
  /// `last`.
  private static func shuffled(_ count: Int, _ stream: RandomStream) -> [Int] {
    var order = Array(0..<count)
    for last in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(last, Int(stream.bits(at: last).multipliedFullWidth(by: UInt64(last + 1)).high))
    }
    return order
  }

  @Test("shuffle by the definition, with two numbers from each block", arguments: 0...70)
  func shuffleIsTheDefinition(count: Int) {
    for epoch in 0..<4 {
      let stream = RandomStream(seed: 9, purpose: .shuffle(epoch: epoch))
      #expect(stream.permutation(of: count) == RandomStreamTests.shuffled(count, stream))
    }
  }

  /// The Python implementation computed this order.
  @Test("shuffle in a fixed order")
  func shuffleGolden() {
    let stream = RandomStream(seed: 1, purpose: .shuffle(epoch: 3))
    #expect(stream.permutation(of: 10) == [5, 3, 6, 8, 2, 4, 7, 0, 9, 1])
    var letters = Array("abcdefghij")
    stream.shuffle(&letters)
    #expect(String(letters) == "fdgicehajb")
  }

  @Test("permute: every item once, few in their old place", arguments: [0, 1, 2, 1_000, 65_537])
  func permutations(count: Int) {
    let order = RandomStream(seed: 2, purpose: .split).permutation(of: count)
    #expect(order.sorted() == Array(0..<count))
    // One item stays in place on average, and more than 9 once in 10 million.
    let fixed = order.enumerated().count { $0.offset == $0.element }
    if count > 2 { #expect(fixed <= 9) }
  }

  @Test("give all orders of four items equally often")
  func ordersAreEquallyLikely() {
    var hits: [[Int]: Int] = [:]
    for epoch in 0..<24_000 {
      let stream = RandomStream(seed: 4, purpose: .shuffle(epoch: epoch))
      hits[stream.permutation(of: 4), default: 0] += 1
    }
    #expect(hits.count == 24)
    // Each order occurs 1,000 times on average, with standard deviation 31.
    #expect(hits.values.allSatisfy { (860...1_140).contains($0) })
  }

  @Test(
    "gives the same words for sixteen blocks at once, also beyond 32 bits",
    arguments: [
      (0, 1), (9, 7), (1 << 40, 3), (0xFFFF_FFF0, 1), (0xFFFF_FFF1, 1), (5, 1 << 33), (100, -2),
      (-8, 1), (7, 0),
    ])
  func words(first: Int, step: Int) {
    let stream = RandomStream(seed: -3, purpose: .noise(layer: "a")).step(4)
    let blocks = stream.words(from: first, step: step)
    let words = blocks.inOrder
    for number in 0..<16 {
      let expected = stream.words(at: first + number * step)
      #expect(blocks[number] == expected)
      let row = [words.0, words.1, words.2, words.3][number / 4]
      for word in 0..<4 { #expect(row[number % 4 * 4 + word] == expected[word]) }
    }
  }
}
