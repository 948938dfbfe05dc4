package import Tensors

/// Which elements a layer keeps in a training step: each with probability 1 − ratio, and then divided by it, so that
/// the expected value stays.
///
/// A pure function of the stream, the step and the element's place: it is drawn again in backward and never stored.
/// Element i is dropped where word i mod 4 of block ⌊i / 4⌋ is below ratio·2³².
///
/// Reference: N. Srivastava, G. Hinton, A. Krizhevsky, I. Sutskever, R. Salakhutdinov, "Dropout: a simple way to
/// prevent neural networks from overfitting", 2014; Philox: see ``Tensors/Philox``.
package struct KeepMask: Sendable {
  private let stream: RandomStream
  private let step: View<Int>
  /// The least word that keeps an element.
  private let least: UInt32
  private let scale: Float

  /// - Parameters:
  ///   - step: holds the number of the step when a kernel runs.
  ///   - ratio: from 0 to below 1.
  package init(_ stream: RandomStream, step: View<Int>, ratio: Double) {
    self.stream = stream
    self.step = step.checked(1)
    least = UInt32(min((ratio * 0x1p32).rounded(.up), Double(UInt32.max)))
    scale = Float(1 / (1 - ratio))
  }

  /// The mask of the step that runs.
  @inline(__always)
  fileprivate var current: RandomStream { stream.step(step[0]) }

  /// Four elements of a block, kept and scaled, or 0.
  @inline(__always)
  fileprivate func apply(_ block: SIMD4<UInt32>, to values: SIMD4<Float>) -> SIMD4<Float> {
    (values * scale).replacing(
      with: SIMD4(repeating: 0), where: block .< SIMD4(repeating: least))
  }
}

/// y = x where the mask keeps it, scaled, and 0 elsewhere; x and y may be the same memory. Without x: as if it were 1.
package struct MaskKernel: Kernel {
  private let x: FloatView?
  private let y: FloatView
  private let mask: KeepMask
  private let first: Int
  private let count: Int

  /// - Parameter first: the place of the first element in the whole batch, so that slices do not matter.
  package init(_ mask: KeepMask, of x: FloatView?, to y: FloatView, first: Int, count: Int) {
    self.mask = mask
    self.x = x?.checked(count)
    self.y = y.checked(count)
    self.first = first
    self.count = count
  }

  package func run() {
    let stream = mask.current
    var index = 0
    while index < count {
      let (block, lane) = ((first &+ index) &>> 2, (first &+ index) & 3)
      let words = stream.words(at: block)
      if lane == 0, index &+ 4 <= count {
        let values = x?.load4(index) ?? SIMD4(repeating: 1)
        y.store(mask.apply(words, to: values), index)
        index &+= 4
      } else {
        // The beginning or the end of a slice within a block.
        let value = x.map { $0[index] } ?? 1
        y[index] = mask.apply(words, to: SIMD4(repeating: value))[lane]
        index &+= 1
      }
    }
  }
}

/// The mask of a matrix [rows, columns] whose elements count row by row, however they lie; in place too.
package struct MatrixMask: Kernel {
  private let x: FloatView
  private let y: FloatView
  private let mask: KeepMask
  private let rows: Int
  private let columns: Int
  private let order: ProductShape.Order

  package init(
    _ mask: KeepMask, of x: FloatView, to y: FloatView, rows: Int, columns: Int,
    order: ProductShape.Order
  ) {
    self.mask = mask
    self.x = x.checked(rows * columns)
    self.y = y.checked(rows * columns)
    self.rows = rows
    self.columns = columns
    self.order = order
  }

  package func run() {
    if case .rowMajor = order {
      MaskKernel(mask, of: x, to: y, first: 0, count: rows &* columns).run()
      return
    }
    let stream = mask.current
    var words = SIMD4<UInt32>(repeating: 0)
    var index = 0
    for row in 0..<rows {
      for column in 0..<columns {
        if index & 3 == 0 { words = stream.words(at: index &>> 2) }
        let place = column &* rows &+ row
        y[place] = mask.apply(words, to: SIMD4(repeating: x[place]))[index & 3]
        index &+= 1
      }
    }
  }
}

/// y = x + std·N(0, 1), with a number of its own for every element; x and y may be the same memory.
package struct GaussianNoiseKernel: Kernel {
  private let x: FloatView
  private let y: FloatView
  private let stream: RandomStream
  private let step: View<Int>
  private let deviation: Double
  private let first: Int
  private let count: Int

  /// - Parameters:
  ///   - step: holds the number of the step when the kernel runs.
  ///   - first: the place of the first element in the whole batch, so that slices do not matter.
  package init(
    _ x: FloatView, to y: FloatView, _ stream: RandomStream, step: View<Int>, deviation: Double,
    first: Int, count: Int
  ) {
    self.x = x.checked(count)
    self.y = y.checked(count)
    self.stream = stream
    self.step = step.checked(1)
    self.deviation = deviation
    self.first = first
    self.count = count
  }

  package func run() {
    let stream = stream.step(step[0])
    for index in 0..<count {
      y[index] = x[index] + Float(deviation * stream.normal(at: first &+ index))
    }
  }
}
