package import Kernels

/// y = the maximum of each window, with its place in the window.
///
/// The first of equal elements is the maximum. A NaN is greater than any number, as in PyTorch.
/// Places are numbers in the layout of y. The loops visit windows and process eight or sixteen
/// channels at a time. Two independent vectors hide the latency of their comparisons.
package func maximumPooling(
  _ form: PoolingForm, of x: FloatView, to y: FloatView, places: FloatView
) -> some Kernel {
  let (x, y) = (x.checked(form.inputCount), y.checked(form.outputCount))
  let places = places.checked(form.outputCount)
  return PreparedLoop {
    form.forEachWindow { output, region in
      form.forEachChannel(mayRepeat: true) { channel in
        var low = Maxima(x, region.start &+ channel, region.place)
        var high = Maxima(x, region.start &+ channel &+ 8, region.place)
        form.forEachPosition(of: region) { element, place in
          low.take(x.load8(element &+ channel), place)
          high.take(x.load8(element &+ channel &+ 8), place)
        }
        low.store(y, places, output &+ channel)
        high.store(y, places, output &+ channel &+ 8)
      } vector: { channel in
        var maxima = Maxima(x, region.start &+ channel, region.place)
        form.forEachPosition(of: region) { element, place in
          maxima.take(x.load8(element &+ channel), place)
        }
        maxima.store(y, places, output &+ channel)
      } scalar: { channel in
        var (best, bestPlace) = (x[region.start &+ channel], Float(region.place))
        form.forEachPosition(of: region) { element, place in
          let value = x[element &+ channel]
          if !(value <= best), !best.isNaN { (best, bestPlace) = (value, place) }
        }
        y[output &+ channel] = best
        places[output &+ channel] = bestPlace
      }
    }
  }
}

/// ∂x of ``maximumPooling(_:of:to:places:)``: each ∂y goes to the place of its window's maximum.
package func maximumPoolingGradient(
  _ form: PoolingForm, of dy: FloatView, to dx: FloatView, places: FloatView
) -> some Kernel {
  let (dy, dx) = (dy.checked(form.outputCount), dx.checked(form.inputCount))
  let places = places.checked(form.outputCount)
  return PreparedLoop {
    if form.isDisjoint {
      scatter(form, dy, places, to: dx, overlapping: false)
    } else {
      scatter(form, dy, places, to: dx, overlapping: true)
    }
  }
}

/// Moves each ∂y to the place of its window's maximum.
///
/// - Parameter isOverlapping: true if ∂x is a sum over windows. Otherwise each element is written
///   once.
@inline(__always)
private func scatter(
  _ form: PoolingForm, _ dy: FloatView, _ places: FloatView, to dx: FloatView,
  overlapping isOverlapping: Bool
) {
  let mustClear = isOverlapping || !form.isCovering
  form.forEachWindow { image in
    if mustClear { dx[image].fill(with: 0) }
  } _: { output, region in
    form.forEachChannel(mayRepeat: !isOverlapping) { channel in
      let low = Maxima(dy, places, output &+ channel)
      let high = Maxima(dy, places, output &+ channel &+ 8)
      form.forEachPosition(of: region) { element, place in
        low.put(place, to: dx, element &+ channel, overlapping: isOverlapping)
        high.put(place, to: dx, element &+ channel &+ 8, overlapping: isOverlapping)
      }
    } vector: { channel in
      let winner = Maxima(dy, places, output &+ channel)
      form.forEachPosition(of: region) { element, place in
        winner.put(place, to: dx, element &+ channel, overlapping: isOverlapping)
      }
    } scalar: { channel in
      let gradient = dy[output &+ channel]
      let greatest = places[output &+ channel]
      form.forEachPosition(of: region) { element, place in
        let part = greatest == place ? gradient : 0
        dx[element &+ channel] = isOverlapping ? dx[element &+ channel] + part : part
      }
    }
  }
}

/// The maxima of eight channels, or their gradients, with their places in the window.
private struct Maxima {
  var values: SIMD8<Float>
  var places: SIMD8<Float>

  /// Begins with the element of a window at `place`.
  @inline(__always)
  init(_ x: FloatView, _ element: Int, _ place: Int) {
    (values, places) = (x.load8(element), SIMD8(repeating: Float(place)))
  }

  /// Loads the gradients of a window and the places of its maxima.
  @inline(__always)
  init(_ dy: FloatView, _ places: FloatView, _ output: Int) {
    (values, self.places) = (dy.load8(output), places.load8(output))
  }

  @inline(__always)
  mutating func take(_ next: SIMD8<Float>, _ place: Float) {
    let isGreater = .!(next .<= values) .& (values .== values)
    values.replace(with: next, where: isGreater)
    places.replace(with: SIMD8(repeating: place), where: isGreater)
  }

  @inline(__always)
  func store(_ y: FloatView, _ places: FloatView, _ output: Int) {
    y.store(values, output)
    places.store(self.places, output)
  }

  /// Writes or adds the gradients of the channels whose maximum is at `place`, and 0 for the
  /// others.
  @inline(__always)
  func put(_ place: Float, to dx: FloatView, _ element: Int, overlapping isOverlapping: Bool) {
    var part = SIMD8<Float>(repeating: 0)
    part.replace(with: values, where: places .== SIMD8(repeating: place))
    if isOverlapping { part += dx.load8(element) }
    dx.store(part, element)
  }
}

/// The place of each window's maximum in the image of its channel, in the layout of y.
///
/// For position q it is (q₀·in₁ + q₁)·in₂ + q₂. ``maximumPooling(_:of:to:places:)`` computes the
/// places in the window.
package func imagePlaces(
  _ form: PoolingForm, of places: FloatView, to result: FloatView
) -> some Kernel {
  let (places, result) = (places.checked(form.outputCount), result.checked(form.outputCount))
  return PreparedLoop {
    form.forEachWindow { output, region in
      for channel in 0..<form.channels {
        // Places are integers below the limit of PoolingForm.
        let place = Int(places[output &+ channel])
        result[output &+ channel] = Float(form.imagePlace(of: place, in: region))
      }
    }
  }
}
