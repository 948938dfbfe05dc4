internal import Kernels

/// The neighbours over which local response normalization sums.
package struct ResponseWindow: Sendable, Hashable {
  package enum Region: Sendable, Hashable {
    /// The neighbouring channels at the same position.
    case acrossChannels
    /// The neighbouring positions of the same channel. The last two axes are height and width.
    case withinChannel
  }

  package let region: Region
  package let examples: Int
  package let channels: Int
  /// 1 if the window extends across channels.
  package let height: Int
  package let width: Int
  /// The extent of the window, an odd number.
  package let size: Int
  package let alpha: Double
  package let beta: Double
  package let k: Double

  package init(
    _ region: Region, examples: Int, channels: Int, height: Int, width: Int, size: Int,
    alpha: Double, beta: Double, k: Double
  ) {
    self.region = region
    self.examples = examples
    self.channels = channels
    self.height = height
    self.width = width
    self.size = size
    self.alpha = alpha
    self.beta = beta
    self.k = k
  }

  var positions: Int { height * width }
  var count: Int { examples * channels * positions }

  /// The factor of the sum of squares: alpha divided by the elements of the window, padding
  /// included.
  var factor: Double {
    switch region {
    case .acrossChannels: alpha / Double(size)
    case .withinChannel: alpha / (Double(size) * Double(size))
    }
  }

  /// target = the sums of `source` over the window around each element, in the order of the window.
  func addWindows(of source: FloatView, to target: FloatView) {
    for index in 0..<count { target[index] = 0 }
    for example in 0..<examples {
      let start = example &* channels &* positions
      switch region {
      case .acrossChannels: addChannels(source, target, start)
      case .withinChannel:
        for channel in 0..<channels { addPositions(source, target, start &+ channel &* positions) }
      }
    }
  }

  private func addChannels(_ source: FloatView, _ target: FloatView, _ start: Int) {
    let reach = size / 2
    for channel in 0..<channels {
      let to = start &+ channel &* positions
      for other in max(0, channel &- reach)..<min(channels, channel &+ reach &+ 1) {
        add(source, from: start &+ other &* positions, target, to: to, count: positions)
      }
    }
  }

  private func addPositions(_ source: FloatView, _ target: FloatView, _ start: Int) {
    let reach = size / 2
    let columns = min(reach, width &- 1)
    for row in 0..<height {
      let to = start &+ row &* width
      for other in max(0, row &- reach)..<min(height, row &+ reach &+ 1) {
        let from = start &+ other &* width
        for shift in -columns...columns {
          // These columns have a neighbour at this distance inside the image.
          let first = max(0, -shift)
          add(
            source, from: from &+ first &+ shift, target, to: to &+ first,
            count: width &- abs(shift))
        }
      }
    }
  }

  @inline(__always)
  private func add(
    _ source: FloatView, from: Int, _ target: FloatView, to: Int, count: Int
  ) {
    var index = 0
    while index &+ 8 <= count {
      target.store(target.load8(to &+ index) + source.load8(from &+ index), to &+ index)
      index &+= 8
    }
    while index < count {
      target[to &+ index] += source[from &+ index]
      index &+= 1
    }
  }
}
