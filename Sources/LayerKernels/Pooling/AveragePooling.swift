package import Kernels

/// y = Σ x over each window / its number of elements.
///
/// The loops visit windows. Inside a window they process eight or sixteen channels at a time.
///
/// - Parameter countsPadding: true counts the elements up to the end of the padding, false those of
///   the image.
package func averagePooling(
  _ form: PoolingForm, countsPadding: Bool, of x: FloatView, to y: FloatView
) -> some Kernel {
  let (x, y) = (x.checked(form.inputCount), y.checked(form.outputCount))
  return PreparedLoop {
    form.forEachWindow { output, region in
      let count = Float(countsPadding ? region.paddedCount : region.count)
      form.forEachChannel(mayRepeat: true) { channel in
        var (low, high) = (SIMD8<Float>(repeating: 0), SIMD8<Float>(repeating: 0))
        form.forEachPosition(of: region) { element, _ in
          low += x.load8(element &+ channel)
          high += x.load8(element &+ channel &+ 8)
        }
        y.store(low / count, output &+ channel)
        y.store(high / count, output &+ channel &+ 8)
      } vector: { channel in
        var sum = SIMD8<Float>(repeating: 0)
        form.forEachPosition(of: region) { element, _ in sum += x.load8(element &+ channel) }
        y.store(sum / count, output &+ channel)
      } scalar: { channel in
        var sum: Float = 0
        form.forEachPosition(of: region) { element, _ in sum += x[element &+ channel] }
        y[output &+ channel] = sum / count
      }
    }
  }
}

/// ∂x of ``averagePooling(_:countsPadding:of:to:)``: the elements of a window share its ∂y equally.
package func averagePoolingGradient(
  _ form: PoolingForm, countsPadding: Bool, of dy: FloatView, to dx: FloatView
) -> some Kernel {
  let (dy, dx) = (dy.checked(form.outputCount), dx.checked(form.inputCount))
  return PreparedLoop {
    form.forEachWindow { image in
      dx[image].fill(with: 0)
    } _: { output, region in
      let count = Float(countsPadding ? region.paddedCount : region.count)
      form.forEachChannel(mayRepeat: false) { channel in
        let low = dy.load8(output &+ channel) / count
        let high = dy.load8(output &+ channel &+ 8) / count
        form.forEachPosition(of: region) { element, _ in
          let place = element &+ channel
          dx.store(dx.load8(place) + low, place)
          dx.store(dx.load8(place &+ 8) + high, place &+ 8)
        }
      } vector: { channel in
        let share = dy.load8(output &+ channel) / count
        form.forEachPosition(of: region) { element, _ in
          dx.store(dx.load8(element &+ channel) + share, element &+ channel)
        }
      } scalar: { channel in
        let share = dy[output &+ channel] / count
        form.forEachPosition(of: region) { element, _ in dx[element &+ channel] += share }
      }
    }
  }
}
