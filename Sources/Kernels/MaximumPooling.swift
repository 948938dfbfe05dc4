/// y = the greatest element of each window, and its place in the window.
///
/// Of equal elements the first is the greatest; a NaN is greater than all, as in PyTorch. Places are kept as numbers,
/// in the layout of y. The loops go over windows, and eight channels at a time over the elements of each.
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
        var (best, bestPlace) = (x.load8(box.start &+ channel), SIMD8(repeating: Float(box.place)))
        form.forEachPosition(of: box) { element, place in
          let value = x.load8(element &+ channel)
          let isGreater = .!(value .<= best) .& (best .== best)
          best.replace(with: value, where: isGreater)
          bestPlace.replace(with: SIMD8(repeating: place), where: isGreater)
        }
        y.store(best, output &+ channel)
        places.store(bestPlace, output &+ channel)
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
        let gradient = dy.load8(output &+ channel)
        let greatest = places.load8(output &+ channel)
        form.forEachPosition(of: box) { element, place in
          var part = SIMD8<Float>(repeating: 0)
          part.replace(with: gradient, where: greatest .== SIMD8(repeating: place))
          if isOverlapping { part += dx.load8(element &+ channel) }
          dx.store(part, element &+ channel)
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
