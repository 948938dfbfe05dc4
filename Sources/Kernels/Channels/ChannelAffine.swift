/// y = a·x + b with one a and one b per channel.
///
/// `scale` and `bias` are optional. x and y may be the same memory.
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
