import Fields
import Solvers
import Testing
import YAML

@Suite("Durations")
struct DurationTests {
  private func decoded(_ text: String) throws -> Duration? {
    var diagnostics = Diagnostics()
    let node = try #require(try Node.parse(Array("a: \(text)".utf8), name: "t")["a"])
    guard case .value(let duration) = Duration.decode(node, &diagnostics) else { return nil }
    return duration
  }

  @Test(
    "are a number of iterations, or a number with a unit",
    arguments: [
      ("1", .iterations(1)), ("3000", .iterations(3000)), ("0x10", .iterations(16)),
      ("1e3", .iterations(1000)),
      ("1000000000000", .iterations(1_000_000_000_000)), ("1 epoch", .epochs(1)),
      ("10 epochs", .epochs(10)), ("'10  epochs'", .epochs(10)), ("7 iterations", .iterations(7)),
      ("1 iteration", .iterations(1)), ("1000000000000 epochs", .epochs(1_000_000_000_000)),
    ] as [(String, Duration)])
  func values(text: String, duration: Duration) throws {
    #expect(try decoded(text) == duration)
    #expect(try decoded(duration.encoded.scalar?.text ?? "") == duration)
  }

  @Test(
    "refuse every other form",
    arguments: [
      "0", "-1", "1.5", ".nan", ".inf", "1000000000001", "9223372036854775808", "'3000'",
      "epochs", "0 epochs", "-1 epochs", "1.5 epochs", "1000000000001 epochs",
      "99999999999999999999 epochs",
      "1 Epoch", "1 day", "1 epoch more", "1epochs", "[1]", "{a: 1}", "true", "~",
    ])
  func refused(text: String) throws {
    #expect(try decoded(text) == nil)
  }

  @Test("convert epochs into iterations")
  func iterations() {
    #expect(Duration.iterations(5).iterations(perEpoch: 100) == 5)
    #expect(Duration.epochs(5).iterations(perEpoch: 100) == 500)
    #expect(Duration.epochs(Duration.limit).iterations(perEpoch: 1 << 40) == nil)
  }

  /// An iteration takes four batches.
  @Test(
    "convert into whole iterations of a training",
    arguments: [
      (.iterations(5), 20, 5), (.epochs(1), 10, 3), (.epochs(2), 20, 5), (.epochs(3), 30, 8),
      (.epochs(Duration.limit), 10_000_000_000_000, 2_500_000_000_000),
    ] as [(Duration, Int, Int)])
  func training(duration: Duration, batches: Int, iterations: Int) {
    let training = TrainingLength(iterations: 7, batchesPerEpoch: 10, iterationSize: 4)
    #expect(training.batches(in: duration) == batches)
    #expect(training.iterations(in: duration) == iterations)
    let whole = TrainingLength(duration, batchesPerEpoch: 10, iterationSize: 4)
    #expect(whole?.iterations == (iterations > Duration.limit ? nil : iterations))
  }

  @Test("are longer than any training if they overflow")
  func uncountable() {
    let training = TrainingLength(iterations: 1, batchesPerEpoch: 1 << 40, iterationSize: 1_000_000)
    #expect(training.batches(in: .epochs(Duration.limit)) == Int.max)
    #expect(training.iterations(in: .epochs(Duration.limit)) > Duration.limit)
    #expect(
      TrainingLength(.epochs(Duration.limit), batchesPerEpoch: 1 << 40, iterationSize: 1_000_000)
        == nil)
  }
}
