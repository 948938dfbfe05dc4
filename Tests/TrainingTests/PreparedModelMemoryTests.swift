import DataSources
import Files
import Glibc
import Networks
import Oracles
import RunOracles
import Runs
import Testing
import Training

@Suite("Memory of a run")
struct PreparedModelMemoryTests {
  private static let huge = [
    "name: ip1, type: Linear, num_output: 100000", "name: ip2, type: Linear, num_output: 250000",
    "name: ip3, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
  ]

  @Test("is refused before allocating or writing, and the message lists all parts")
  func refusal() throws {
    let folder = try TemporaryFolder()
    let text = spiralModel(
      network: PreparedModelMemoryTests.huge, solver: "base_lr: 1, momentum: 0.9, max_epochs: 1")
    let start = threadSeconds()
    let rendered = failure(of: text, in: folder) { $0.memoryLimit = 23_756_536_217 }
    #expect(
      rendered == """
        \(folder.file("model.yaml")):7:5: error: model needs 279.6 GiB (weights 93.1, gradients \
        93.1, solver state 93.1, activations 0.1), limit 22.1 GiB; largest: \
        'ip2.weight' of 250000x100000 (93.1)
            7 |   - {name: ip2, type: Linear, num_output: 250000}
              |     ^
        """)
    #expect(threadSeconds() - start < 1)
    #expect(folder.contents == ["model.yaml"])
  }

  @Test("is refused if the machine has less")
  func machine() throws {
    let folder = try TemporaryFolder()
    let layers = [
      "name: ip1, type: Linear, num_output: 2147483647",
      "name: ip2, type: Linear, num_output: 100000000",
      "name: ip3, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
    ]
    let rendered = failure(of: spiralModel(network: layers), in: folder)
    #expect(
      rendered.hasPrefix(
        "\(folder.file("model.yaml")):7:5: error: model needs 1600000887.6 GiB (weights 800000025.1, gradients 800000025.1, "
          + "activations 837.3), limit "))
    #expect(folder.contents == ["model.yaml"])
  }

  @Test("adds up over layers that are each within bounds", arguments: [2, 5, 40])
  func chains(depth: Int) throws {
    let layers =
      (0..<depth).map { "name: ip\($0), type: Linear, num_output: 1000000" }
      + ["name: out, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss"]
    let estimate = try prepared(spiralModel(network: layers)).memoryEstimate(dataBytes: nil)
    let weights = Double(depth - 1) * 4e12
    #expect(abs(estimate.weights - weights) < weights / 1000)
    #expect(estimate.refusal(limit: 1 << 40) != nil)
  }

  @Test("does not count a batch larger than the data", arguments: [1, 20, 60, 61, 1_000_000])
  func batches(batchSize: Int) throws {
    // The data have 60 examples.
    let text = spiralModel(
      train: "{source: spiral, points_per_class: 20, batch_size: \(batchSize)}")
    let estimate = try prepared(text).memoryEstimate(dataBytes: nil)
    let asked = min(batchSize, 60)
    // Training and testing hold at most eight tensors of eight floats per example.
    #expect(estimate.activations >= Double(asked * (2 + 8 + 3) * 4))
    #expect(estimate.activations <= Double(2 * asked * 64 * 4 + 4096))
  }

  @Test("counts the short last batch beside the full one")
  func shortBatch() throws {
    func activations(_ points: Int) throws -> Double {
      try prepared(
        spiralModel(train: "{source: spiral, points_per_class: \(points), batch_size: 3000}")
      ).memoryEstimate(dataBytes: nil).activations
    }
    let full = try activations(1000)
    #expect(try activations(1999) > 1.9 * full)
    #expect(try activations(2000) == full)
  }

  @Test("counts the batches that loaders load ahead, before and after the data are read")
  func loaders() throws {
    let images = """
      data: {train: {source: generated_images, batch_size: 100, transforms: [mirror]}}
      network:
        - {name: ip, type: Linear, num_output: 10}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 1, max_epochs: 1}
      """
    let model = try prepared(images)
    let bytes = [0, 8].map { model.memoryEstimate(dataBytes: nil, loaders: $0).data }
    // One batch without loaders, and two more than there are threads.
    #expect(bytes[1] - bytes[0] == Double(9 * 100 * 3 * 32 * 32 * 4))
    let data = try model.checkData(limit: nil)
    let read = [0, 8].map {
      model.memoryEstimate(model.examples(train: data.train, test: nil, loaders: $0)).data
    }
    #expect(read[1] - read[0] == Double(9 * 100 * 3 * 32 * 32 * 4))
  }

  @Test("counts the weights of examples that mixup mixes")
  func mixedWeights() throws {
    let model = try prepared(
      """
      data:
        train: {source: xor, batch_size: 10, transforms: [one_hot, mixup], class_weights: balanced}
      network:
        - {name: ip, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 1, max_epochs: 1}
      """)
    let data = try model.checkData(limit: nil)
    let read = [0, 8].map {
      model.memoryEstimate(model.examples(train: data.train, test: nil, loaders: $0)).data
    }
    // Two inputs, two probabilities and a weight.
    #expect(read[1] - read[0] == Double(9 * 10 * 5 * 4))
  }

  @Test("counts the best weights if there are tests, and the copies for a checkpoint")
  func copies() throws {
    let train = try prepared(spiralModel()).memoryEstimate(dataBytes: nil)
    let both = try prepared(spiralModel(test: "{source: spiral}")).memoryEstimate(dataBytes: nil)
    // The array from which the largest parameter is filled.
    let filled = train.copies
    #expect(filled > 0 && filled < train.weights)
    #expect(both.copies == filled + train.weights)
    func saving(_ test: String?) throws -> MemoryEstimate {
      try prepared(
        spiralModel(test: test, solver: "base_lr: 1, momentum: 0.9, max_iter: 2, snapshot: 1")
      ).memoryEstimate(dataBytes: nil)
    }
    // The copies of weights and momentum for writing a checkpoint. The best weights exist already.
    #expect(try saving(nil).copies == filled + 2 * train.weights)
    #expect(try saving("{source: spiral}").copies == filled + 3 * train.weights)
  }

  @Test(
    "counts the history before it is written, and points to the length of the training",
    arguments: [
      ("base_lr: 1, max_iter: 1000000000000", 32),
      ("base_lr: 1, max_iter: 1000000000000, test_interval: 1, display: 1000000000", 32),
      ("base_lr: 1, max_epochs: 1000000000, display: 1", 34),
    ])
  func history(solver: String, column: Int) throws {
    let folder = try TemporaryFolder()
    let text = spiralModel(test: "{source: spiral}", solver: solver)
    let rendered = failure(of: text, in: folder) { $0.memoryLimit = 1 << 33 }
    let place = "\(folder.file("model.yaml")):5:\(column): error: "
    #expect(rendered.hasPrefix(place + "model needs "))
    #expect(
      rendered.split(separator: "\n").first?.contains(
        ", limit 8.0 GiB; the history has a row for every 'display' iterations (") == true)
    #expect(rendered.contains(" GiB (history "))
    #expect(folder.contents == ["model.yaml"])
    // A check without reading data is refused at the same place.
    let model = try PreparedModel(path: folder.file("model.yaml"))
    #expect(throws: RunFailure.self) { try model.checkMemory(limit: 1 << 33) }
  }

  @Test(
    "points to the part of the data that needs the most", .tags(.slow),
    arguments: [
      ("{source: blobs, features: 1000, points_per_class: 40000}", nil, 3, "458.2, history 1.7"),
      (
        "{source: blobs, features: 1000, points_per_class: 40000, shape: [1000], classes: 3}", nil,
        3, "458.2, history 1.7"
      ),
      (
        "{source: blobs, features: 1000, points_per_class: 10}",
        "{source: blobs, features: 1000, points_per_class: 40000}", 4, "458.3"
      ),
    ] as [(String, String?, Int, String)])
  func data(train: String, test: String?, line: Int, size: String) throws {
    let folder = try TemporaryFolder()
    let text = spiralModel(train: train, test: test)
    let rendered = failure(of: text, in: folder) { $0.memoryLimit = 100 << 20 }
    let part = line == 3 ? "train" : "test"
    let place = "\(folder.file("model.yaml")):\(line):\(part.count + 5)"
    #expect(rendered.hasPrefix("\(place): error: model needs "))
    #expect(rendered.contains("data \(size), program 32.0), limit 100.0 MiB"))
    #expect(rendered.contains("\n    \(line) |   \(part): {source: blobs, "))
    #expect(folder.contents == ["model.yaml"])
    guard test == nil else { return }
    // It is refused before any example is generated.
    let model = try PreparedModel(path: folder.file("model.yaml"))
    #expect(throws: RunFailure.self) { try model.checkMemory(limit: 100 << 20) }
  }

  @Test("that is available is more than 0")
  func available() {
    #expect(Machine.availableMemory > 1 << 24)
  }

  @Test(
    "is at least the peak of a run", .tags(.slow),
    .disabled(if: Sanitizer.isPresent, "a sanitizer needs memory of its own"))
  func measured() async throws {
    // A separate process keeps the memory of other tests out of the peak.
    await #expect(processExitsWith: .success) {
      let folder = try TemporaryFolder()
      let text = spiralModel(
        train: "{source: blobs, features: 300, points_per_class: 2000, batch_size: 2000}",
        test: "{source: blobs, features: 300, points_per_class: 500, batch_size: 700}",
        network: [
          "name: ip1, type: Linear, num_output: 2000", "name: relu1, type: ReLU",
          "name: ip2, type: Linear, num_output: 1500", "name: relu2, type: ReLU",
          "name: ip3, type: Linear, num_output: 3", "name: loss, type: SoftmaxWithLoss",
          "name: accuracy, type: Accuracy",
        ], solver: "base_lr: 0.01, momentum: 0.9, max_iter: 2")
      try OutputFile.write(text, to: folder.file("model.yaml"))
      var options = RunOptions()
      options.threads = 2
      options.output = folder.file("run")
      let before = try #require(residentMemory)
      let training = try TrainingRun(path: folder.file("model.yaml"), options: options)
      _ = try training.run { _ in }
      let estimate = training.model.memoryEstimate(dataBytes: training.train.byteCount)
      let taken = Machine.peakMemory - before
      try #require(Double(taken) < estimate.total, "took \(taken), announced \(estimate.total)")
      try #require(Double(taken) > 0.7 * estimate.total, "\(taken) of \(estimate.total)")
    }
  }
}

/// The bytes that the process uses now.
private var residentMemory: Int? {
  guard let file = unsafe fopen("/proc/self/statm", "r") else { return nil }
  defer { unsafe fclose(file) }
  var line = [CChar](repeating: 0, count: 256)
  guard unsafe fgets(&line, CInt(line.count), file) != nil else { return nil }
  let text = String(
    decoding: line.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
  let pages = text.split(separator: " ").dropFirst().first.flatMap { Int($0) }
  return pages.map { $0 * sysconf(Int32(_SC_PAGESIZE)) }
}
