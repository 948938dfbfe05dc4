/// How the numbers of a channel-wise operation meet the elements of a tensor.
///
/// A tensor is runs of `positions` rows of `width` channels (``TensorLayout/Runs``). One number belongs to each
/// channel, of all examples or of every example alone.
package struct ChannelExtent: Sendable, Equatable {
  let runs: TensorLayout.Runs
  /// True where every example has numbers of its own.
  let isOfExample: Bool

  /// The channels of an image [N, C, spatial…], however it lies.
  package init(_ runs: TensorLayout.Runs, isOfExample: Bool = false) {
    // A single position: its channels lie together, whatever the layout is called.
    let isRow = runs.positions == 1
    self.runs =
      isRow
      ? TensorLayout.Runs(
        examples: runs.examples, blocks: 1, positions: 1, width: runs.channels) : runs
    self.isOfExample = isOfExample
  }

  /// A row-major tensor [outer, middle, inner] with one number for each place of the middle.
  package init(outer: Int, middle: Int, inner: Int, isOfExample: Bool = false) {
    self.init(
      TensorLayout.Runs(examples: outer, blocks: middle, positions: inner, width: 1),
      isOfExample: isOfExample)
  }

  package var count: Int { runs.count }
  /// How many numbers there are.
  package var numberCount: Int { isOfExample ? runs.examples * runs.channels : runs.channels }

  /// The numbers of an example begin here.
  @inline(__always)
  func firstNumber(ofExample example: Int) -> Int { isOfExample ? example &* runs.channels : 0 }

  /// Calls `body` for every run of elements that lie together and belong to channels that do: its first element, its
  /// first number, and how many elements; where `width` is 1 all of them belong to one number.
  @inline(__always)
  func forEachRow(_ body: (_ first: Int, _ number: Int, _ count: Int) -> Void) {
    let isSingle = runs.width == 1
    let (rows, length) = isSingle ? (1, runs.positions) : (runs.positions, runs.width)
    var first = 0
    for example in 0..<runs.examples {
      let numbers = firstNumber(ofExample: example)
      for block in 0..<runs.blocks {
        for _ in 0..<rows {
          body(first, numbers &+ block &* runs.width, length)
          first &+= length
        }
      }
    }
  }
}

/// y = a·x + b, a and b one number a channel; either may be absent. x and y may be the same memory.
package struct ChannelAffine: Kernel {
  private let x: FloatView
  private let scale: FloatView?
  private let bias: FloatView?
  private let y: FloatView
  private let extent: ChannelExtent

  package init(
    _ x: FloatView, scale: FloatView?, bias: FloatView?, to y: FloatView, _ extent: ChannelExtent
  ) {
    self.x = x.checked(extent.count)
    self.scale = scale?.checked(extent.numberCount)
    self.bias = bias?.checked(extent.numberCount)
    self.y = y.checked(extent.count)
    self.extent = extent
  }

  package func run() {
    switch (scale, bias) {
    case (let scale?, let bias?): run(scale, bias)
    case (let scale?, nil): run(scale)
    case (nil, let bias?): run(adding: bias)
    case (nil, nil): for index in 0..<extent.count { y[index] = x[index] }
    }
  }

  private func run(_ scale: FloatView, _ bias: FloatView) {
    let isSingle = extent.runs.width == 1
    extent.forEachRow { first, number, count in
      if isSingle {
        let (a, b) = (scale[number], bias[number])
        for index in first..<first &+ count { y[index] = a * x[index] + b }
      } else {
        for index in 0..<count {
          y[first &+ index] = scale[number &+ index] * x[first &+ index] + bias[number &+ index]
        }
      }
    }
  }

  private func run(_ scale: FloatView) {
    let isSingle = extent.runs.width == 1
    extent.forEachRow { first, number, count in
      if isSingle {
        let a = scale[number]
        for index in first..<first &+ count { y[index] = a * x[index] }
      } else {
        for index in 0..<count { y[first &+ index] = scale[number &+ index] * x[first &+ index] }
      }
    }
  }

  private func run(adding bias: FloatView) {
    let isSingle = extent.runs.width == 1
    extent.forEachRow { first, number, count in
      if isSingle {
        let b = bias[number]
        for index in first..<first &+ count { y[index] = x[index] + b }
      } else {
        for index in 0..<count { y[first &+ index] = x[first &+ index] + bias[number &+ index] }
      }
    }
  }
}

/// result = v where x > 0, slope·v elsewhere, one slope a channel: y with v = x, dx with v = dy.
package struct ChannelSlopes: Kernel {
  private let x: FloatView
  private let values: FloatView
  private let slopes: FloatView
  private let result: FloatView
  private let extent: ChannelExtent

  package init(
    _ values: FloatView, wherePositive x: FloatView, slopes: FloatView, to result: FloatView,
    _ extent: ChannelExtent
  ) {
    self.x = x.checked(extent.count)
    self.values = values.checked(extent.count)
    self.slopes = slopes.checked(extent.numberCount)
    self.result = result.checked(extent.count)
    self.extent = extent
  }

  package func run() {
    let isSingle = extent.runs.width == 1
    extent.forEachRow { first, number, count in
      if isSingle {
        let slope = slopes[number]
        for index in first..<first &+ count {
          let value = values[index]
          result[index] = x[index] > 0 ? value : slope * value
        }
      } else {
        for index in 0..<count {
          let value = values[first &+ index]
          result[first &+ index] =
            x[first &+ index] > 0 ? value : slopes[number &+ index] * value
        }
      }
    }
  }
}
