/// Copies an image with channels last into one with zeros around it.
struct PaddedCopy: Sendable {
  /// For each line of the padded image, the line of the image that it holds. −1 for zeros.
  private let lines: [Int]
  /// The elements of a line: of the image, and of the padded image.
  private let source: Int
  private let target: Int
  /// The elements that are copied, and the zeros before them.
  private let count: Int
  private let zeros: Int

  init(_ window: Window, channels: Int) {
    func extent(_ axis: Window.Axis) -> Int { (axis.output - 1) * axis.stride + axis.reach }
    var lines = [0]
    for axis in window.axes.dropLast() {
      lines = lines.flatMap { line in
        (0..<extent(axis)).map {
          let place = $0 - axis.padding
          return line < 0 || place < 0 || place >= axis.input ? -1 : line * axis.input + place
        }
      }
    }
    let last = window.axes[window.axes.count - 1]
    self.lines = lines
    source = last.input * channels
    target = extent(last) * channels
    zeros = min(last.padding * channels, target)
    count = max(0, min(source, target - zeros))
  }

  /// Copies the image at `start` of `images` to `place` of `padded`.
  func run(_ images: FloatView, at start: Int, to padded: FloatView, at place: Int) {
    var place = place
    for line in lines {
      let copied = line < 0 ? 0 : count
      let before = line < 0 ? target : zeros
      for index in place..<place &+ before { padded[index] = 0 }
      if copied > 0 {
        padded.copy(copied, of: images, from: start &+ line &* source, to: place &+ before)
      }
      for index in place &+ before &+ copied..<place &+ target { padded[index] = 0 }
      place &+= target
    }
  }
}
