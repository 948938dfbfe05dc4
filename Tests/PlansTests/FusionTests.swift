import Kernels
import Plans
import Tensors
import Testing

/// A plan of products and functions whose tensors all have the shape [4, 6].
private struct Recorder {
  var builder = PlanBuilder(batchSize: 4, sliceCount: 1)
  let input: Slot
  let weight: Slot
  let bias: Slot

  init() {
    input = builder.batchSlot("input", Shape([4, 6]))
    weight = builder.externalSlot("weight", Shape([6, 6]), nil)
    bias = builder.externalSlot("bias", Shape([6]), nil)
  }

  mutating func product(of slot: Slot, to result: Slot? = nil) -> Slot {
    let result = result ?? builder.batchSlot("product", Shape([4, 6]))
    builder.layer = "ip"
    builder.product(
      slot, weight, order: .rowMajor, depth: 6, columns: 6, bias: bias, to: result)
    return result
  }

  mutating func function(_ function: Nonlinearity, of slot: Slot) -> Slot {
    let result = builder.batchSlot("result", Shape([4, 6]))
    builder.layer = "f"
    builder.nonlinearity(function, from: slot, to: result)
    return result
  }

  mutating func read(_ slot: Slot) {
    let result = builder.batchSlot("read", Shape([4, 6]))
    builder.layer = "reader"
    builder.record("reader", reads: [slot], writes: [result]) { binding in
      copy(binding.floats(slot), to: binding.floats(result), count: 24)
    }
  }
}

@Suite("Fusion") struct FusionTests {
  struct Case: CustomTestStringConvertible {
    let testDescription: String
    let names: [String]
    let record: @Sendable (inout PlanBuilder) -> Void

    fileprivate init(
      _ description: String, _ names: [String],
      _ record: @escaping @Sendable (inout Recorder) -> Void
    ) {
      testDescription = description
      self.names = names
      self.record = { builder in
        var recorder = Recorder()
        record(&recorder)
        builder = recorder.builder
      }
    }
  }

  static let cases = [
    Case("a product and the function after it", ["product+relu"]) { recorder in
      let x = recorder.product(of: recorder.input)
      _ = recorder.function(.relu(slope: 0), of: x)
    },
    Case("every function", ["product+sigmoid", "product+tanh", "product+relu(0.5)"]) { recorder in
      for function in [Nonlinearity.sigmoid, .tanh, .relu(slope: 0.5)] {
        let x = recorder.product(of: recorder.input)
        _ = recorder.function(function, of: x)
      }
    },
    Case("layers in a row", ["product+relu", "product+tanh", "product"]) { recorder in
      let x = recorder.product(of: recorder.input)
      let y = recorder.product(of: recorder.function(.relu(slope: 0), of: x))
      _ = recorder.product(of: recorder.function(.tanh, of: y))
    },
    Case("another reader of the product, after", ["product", "relu", "reader"]) { recorder in
      let x = recorder.product(of: recorder.input)
      _ = recorder.function(.relu(slope: 0), of: x)
      recorder.read(x)
    },
    Case("another reader of the product, between", ["product", "reader", "relu"]) { recorder in
      let x = recorder.product(of: recorder.input)
      recorder.read(x)
      _ = recorder.function(.relu(slope: 0), of: x)
    },
    Case("a reader of the function's result", ["product+relu", "reader"]) { recorder in
      let x = recorder.product(of: recorder.input)
      recorder.read(recorder.function(.relu(slope: 0), of: x))
    },
    Case("two functions of the product", ["product", "relu", "tanh"]) { recorder in
      let x = recorder.product(of: recorder.input)
      _ = recorder.function(.relu(slope: 0), of: x)
      _ = recorder.function(.tanh, of: x)
    },
    Case("two functions in a row", ["product+relu", "tanh"]) { recorder in
      let x = recorder.product(of: recorder.input)
      _ = recorder.function(.tanh, of: recorder.function(.relu(slope: 0), of: x))
    },
    Case("a product that is kept", ["product", "relu"]) { recorder in
      let x = recorder.product(of: recorder.input)
      recorder.builder.keep(x)
      _ = recorder.function(.relu(slope: 0), of: x)
    },
    Case("a result that is kept", ["product+relu"]) { recorder in
      let x = recorder.product(of: recorder.input)
      recorder.builder.keep(recorder.function(.relu(slope: 0), of: x))
    },
    Case("a product into memory from outside", ["product", "relu"]) { recorder in
      let outside = recorder.builder.externalSlot("outside", Shape([4, 6]), nil)
      _ = recorder.function(.relu(slope: 0), of: recorder.product(of: recorder.input, to: outside))
    },
    Case("a function of something else", ["product", "relu"]) { recorder in
      _ = recorder.product(of: recorder.input)
      _ = recorder.function(.relu(slope: 0), of: recorder.input)
    },
    Case("a function of what a product reads", ["relu", "product"]) { recorder in
      _ = recorder.product(of: recorder.function(.relu(slope: 0), of: recorder.input))
    },
    Case("another operation between", ["product", "reader", "relu"]) { recorder in
      let x = recorder.product(of: recorder.input)
      recorder.read(recorder.input)
      _ = recorder.function(.relu(slope: 0), of: x)
    },
  ]

  @Test("happens if only the function reads the product", arguments: cases)
  func fusion(test: Case) {
    var builder = PlanBuilder(batchSize: 1, sliceCount: 1)
    test.record(&builder)
    #expect(builder.arrangedOperations().map(\.name) == test.names)
  }

  /// A convolution of [2, 16, 4, 4] images, the sum of it and another tensor, and ReLU.
  private struct SumCase: CustomTestStringConvertible {
    var testDescription: String
    var names: [String]
    var addendLayout: TensorLayout?
    var isRead = false
    var isRectifiedFirst = false
    /// The number of addends in addition to the convolution's result. Nil to add that result twice.
    var addends: Int? = 1

    func record() -> (PlanBuilder, result: Slot) {
      var builder = PlanBuilder(batchSize: 2, sliceCount: 1)
      let shape = Shape([2, 16, 4, 4])
      func slot(_ name: String, _ layout: TensorLayout) -> Slot {
        builder.batchSlot(name, shape, layout: layout)
      }
      let axis = Window.Axis(input: 4, output: 4, kernel: 3, stride: 1, dilation: 1, padding: 1)
      let layout = TensorLayout.channelsLast
      let weight = builder.externalSlot("weight", Shape([16, 16, 3, 3]), nil)
      var made = slot("made", layout)
      builder.primitive("convolution", reads: [slot("x", layout), weight], to: made) { examples in
        ConvolutionShape(
          .forward, examples: examples, inputChannels: 16, outputChannels: 16, groups: 1,
          window: Window([axis, axis]))
      }
      if isRectifiedFirst {
        let rectified = slot("rectified", layout)
        builder.nonlinearity(.relu(slope: 0), from: made, to: rectified)
        made = rectified
      }
      let parts =
        addends.map { count in (0..<count).map { _ in slot("z", addendLayout ?? layout) } }
        ?? [made]
      let (sum, result) = (slot("sum", layout), slot("result", layout))
      builder.elementSum(parts + [made], to: sum)
      builder.nonlinearity(.relu(slope: 0), from: sum, to: result)
      if isRead { builder.reorder(made, to: slot("read", .plain)) }
      return (builder, result)
    }
  }

  private static let sums: [SumCase] = [
    SumCase(testDescription: "of two", names: ["convolution+sum+relu"]),
    SumCase(
      testDescription: "the other one lies otherwise", names: ["convolution", "sum+relu"],
      addendLayout: .plain),
    SumCase(
      testDescription: "somebody else reads it", names: ["convolution", "sum+relu", "reorder"],
      isRead: true),
    SumCase(
      testDescription: "it has a function", names: ["convolution+relu", "sum+relu"],
      isRectifiedFirst: true),
    SumCase(testDescription: "of three", names: ["convolution", "sum+relu"], addends: 2),
    SumCase(testDescription: "of it twice", names: ["convolution", "sum+relu"], addends: nil),
  ]

  @Test("includes the sum of a convolution and another tensor", arguments: sums)
  private func sum(test: SumCase) throws {
    let (builder, result) = test.record()
    let operations = builder.arrangedOperations()
    #expect(operations.map(\.name) == test.names)
    guard operations.count == 1, case .primitive(let request) = operations[0].work else { return }
    #expect(operations[0].writes == [result] && request.operands.last == result)
    #expect(operations[0].reads == Array(request.operands.dropLast()))
    let shape = try #require(request.shape(Part(examples: 0..<2)) as? ConvolutionShape)
    #expect(shape.hasAddend && shape.nonlinearity == .relu(slope: 0))
  }

  @Test("names both layers, and writes the result of the function")
  func fusedOperation() throws {
    var recorder = Recorder()
    let x = recorder.product(of: recorder.input)
    let y = recorder.function(.tanh, of: x)
    let operations = recorder.builder.arrangedOperations()
    let fused = try #require(operations.first)
    #expect(operations.count == 1)
    #expect(fused.layer == "ip+f")
    #expect(fused.reads == [recorder.input, recorder.weight, recorder.bias])
    #expect(fused.writes == [y])
    guard case .primitive(let request) = fused.work else {
      Issue.record("the fused operation is not a primitive")
      return
    }
    let shape = try #require(request.shape(Part(examples: 0..<4)) as? ProductShape)
    #expect(shape.nonlinearity == .tanh && shape.hasBias && shape.rows == 4)
    #expect(request.operands == fused.reads + [y])
    #expect(Schedule(operations, slotCount: recorder.builder.slots.count).lives[x.index].isEmpty)
  }

  @Test("names a layer once if it recorded both the product and the function")
  func oneLayer() {
    var recorder = Recorder()
    let x = recorder.product(of: recorder.input)
    let y = recorder.builder.batchSlot("y", Shape([4, 6]))
    recorder.builder.nonlinearity(.tanh, from: x, to: y)
    #expect(recorder.builder.arrangedOperations().map(\.layer) == ["ip"])
  }

  @Test("moves work that reads only parameters to the front, unless the plan changes them")
  func preparations() {
    func names(changesParameter: Bool) -> [String] {
      var builder = PlanBuilder(batchSize: 6, sliceCount: 3)
      let (x, y) = (builder.batchSlot("x", Shape([6, 4])), builder.batchSlot("y", Shape([6, 4])))
      let parameter = builder.externalSlot("parameter", Shape([4]), nil)
      let factor = builder.sharedSlot("factor", Shape([4]))
      builder.nonlinearity(.tanh, from: x, to: y)
      builder.recordJoint(
        "factor", reads: [parameter], writes: [factor], role: .preparation
      ) { binding in
        copy(binding.floats(parameter), to: binding.floats(factor), count: 4)
      }
      if changesParameter {
        builder.recordJoint("change", reads: [], writes: [parameter]) { binding in
          fill(binding.floats(parameter), with: 0)
        }
      }
      return builder.arrangedOperations().map(\.name)
    }
    #expect(names(changesParameter: false) == ["factor", "tanh"])
    #expect(names(changesParameter: true) == ["tanh", "factor", "change"])
  }

  @Test("defers sums without early readers if there are several slices", arguments: [1, 3])
  func deferredSums(sliceCount: Int) {
    var builder = PlanBuilder(batchSize: 6, sliceCount: sliceCount)
    let x = builder.batchSlot("x", Shape([6, 4]))
    let y = builder.batchSlot("y", Shape([6, 4]))
    let gradient = builder.externalSlot("gradient", Shape([4]), nil)
    builder.columnSum(x, rowsPerExample: 1, columns: 4, to: gradient)
    builder.nonlinearity(.tanh, from: x, to: y)
    #expect(
      builder.arrangedOperations().map(\.name)
        == (sliceCount == 1 ? ["column sum", "tanh"] : ["column sum", "tanh", "sum of slices"]))
    let roles: [Operation.Role] = [.forward] + (sliceCount == 1 ? [] : [.deferredSum]) + [.forward]
    #expect(builder.operations.map(\.role) == roles)
  }
}
