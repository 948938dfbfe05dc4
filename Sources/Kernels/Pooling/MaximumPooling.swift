/// y = the greatest element of each window, and its place in the window.
///
/// Of equal elements the first is the greatest; a NaN is greater than all, as in PyTorch. Places are kept as numbers,
/// in the layout of y. The loops go over windows, and over the elements of each for eight channels at a time, or
/// twice as many: comparisons of one vector wait for each other, those of two do not.
package struct MaximumPooling: Kernel {
  private let form: PoolingForm
  private let x: FloatView
  private let y: FloatView
  private let places: FloatView

  package init(_ form: PoolingForm, of x: FloatView, to y: FloatView, places: FloatView) {
    self.form = form
    self.x = x.checked(form.inputCount)
    self.y = y.checked(form.outputCount)
    self.places = places.checked(form.outputCount)
  }

  package func run() {
    form.forEachWindow { output, box in
      form.forEachChannel(mayRepeat: true) { channel in
        var (low, high) = (maxima(at: channel, of: box), maxima(at: channel &+ 8, of: box))
        form.forEachPosition(of: box) { element, place in
          low.take(x.load8(element &+ channel), place)
          high.take(x.load8(element &+ channel &+ 8), place)
        }
        store(low, at: channel, of: output)
        store(high, at: channel &+ 8, of: output)
      } vector: { channel in
        var maxima = maxima(at: channel, of: box)
        form.forEachPosition(of: box) { element, place in
          maxima.take(x.load8(element &+ channel), place)
        }
        store(maxima, at: channel, of: output)
      } scalar: { channel in
        var (best, bestPlace) = (x[box.start &+ channel], Float(box.place))
        form.forEachPosition(of: box) { element, place in
          let value = x[element &+ channel]
          if !(value <= best), !best.isNaN { (best, bestPlace) = (value, place) }
        }
        y[output &+ channel] = best
        places[output &+ channel] = bestPlace
      }
    }
  }

  /// The first element of a window in eight channels.
  @inline(__always)
  private func maxima(at channel: Int, of box: PoolingForm.Box) -> Maxima {
    Maxima(values: x.load8(box.start &+ channel), places: SIMD8(repeating: Float(box.place)))
  }

  @inline(__always)
  private func store(_ maxima: Maxima, at channel: Int, of output: Int) {
    y.store(maxima.values, output &+ channel)
    places.store(maxima.places, output &+ channel)
  }
}

/// Greatest elements in eight channels, or their gradients, and their places in the window.
private struct Maxima {
  var values: SIMD8<Float>
  var places: SIMD8<Float>

  @inline(__always)
  mutating func take(_ next: SIMD8<Float>, _ place: Float) {
    let isGreater = .!(next .<= values) .& (values .== values)
    values.replace(with: next, where: isGreater)
    places.replace(with: SIMD8(repeating: place), where: isGreater)
  }
}

/// ∂x of ``MaximumPooling``: each ∂y goes to the place of its window's maximum.
package struct MaximumPoolingGradient: Kernel {
  private let form: PoolingForm
  private let dy: FloatView
  private let dx: FloatView
  private let places: FloatView

  package init(_ form: PoolingForm, of dy: FloatView, to dx: FloatView, places: FloatView) {
    self.form = form
    self.dy = dy.checked(form.outputCount)
    self.dx = dx.checked(form.inputCount)
    self.places = places.checked(form.outputCount)
  }

  package func run() {
    if form.isDisjoint { scatter(overlapping: false) } else { scatter(overlapping: true) }
  }

  /// - Parameter isOverlapping: whether ∂x is a sum over windows; otherwise each element is written once.
  @inline(__always)
  private func scatter(overlapping isOverlapping: Bool) {
    let mustClear = isOverlapping || !form.isCovering
    form.forEachWindow { image in
      if mustClear { dx[image].fill(with: 0) }
    } _: { output, box in
      form.forEachChannel(mayRepeat: !isOverlapping) { channel in
        let (low, high) = (winner(output &+ channel), winner(output &+ channel &+ 8))
        form.forEachPosition(of: box) { element, place in
          put(low, place, at: element &+ channel, overlapping: isOverlapping)
          put(high, place, at: element &+ channel &+ 8, overlapping: isOverlapping)
        }
      } vector: { channel in
        let winner = winner(output &+ channel)
        form.forEachPosition(of: box) { element, place in
          put(winner, place, at: element &+ channel, overlapping: isOverlapping)
        }
      } scalar: { channel in
        let gradient = dy[output &+ channel]
        let greatest = places[output &+ channel]
        form.forEachPosition(of: box) { element, place in
          let part = greatest == place ? gradient : 0
          dx[element &+ channel] = isOverlapping ? dx[element &+ channel] + part : part
        }
      }
    }
  }
}

extension MaximumPoolingGradient {
  /// ∂y of a window in eight channels, and the place of each maximum.
  @inline(__always)
  private func winner(_ output: Int) -> Maxima {
    Maxima(values: dy.load8(output), places: places.load8(output))
  }

  /// Gives or adds ∂y to those of eight channels whose maximum is at `place`, and 0 to the others.
  @inline(__always)
  private func put(
    _ winner: Maxima, _ place: Float, at element: Int, overlapping isOverlapping: Bool
  ) {
    var part = SIMD8<Float>(repeating: 0)
    part.replace(with: winner.values, where: winner.places .== SIMD8(repeating: place))
    if isOverlapping { part += dx.load8(element) }
    dx.store(part, element)
  }
}

/// Where in its channel's image the maximum of each window of ``MaximumPooling`` is: (q₀·in₁ + q₁)·in₂ + q₂ for the
/// position q, in the layout of y.
package struct ImagePlaces: Kernel {
  private let form: PoolingForm
  private let places: FloatView
  private let result: FloatView

  package init(_ form: PoolingForm, of places: FloatView, to result: FloatView) {
    self.form = form
    self.places = places.checked(form.outputCount)
    self.result = result.checked(form.outputCount)
  }

  package func run() {
    form.forEachWindow { output, box in
      for channel in 0..<form.channels {
        // Whole numbers below the limit of PoolingForm.
        let place = Int(places[output &+ channel])
        result[output &+ channel] = Float(form.imagePlace(of: place, in: box))
      }
    }
  }
}
