import Kernels
import LayerKernels
import Testing

@Suite("The shape of a normalization") struct NormalizationShapeTests {
  @Test("fuses with one nonlinearity")
  func nonlinearity() {
    let normalization = NormalizationShape(axes: [2, 3, 2], layout: .plain, isAffine: false)
    let relu = NonlinearityShape(.relu(slope: 0), count: 12)
    #expect(normalization.fused(with: relu) != nil)
    #expect(normalization.fused(with: relu)?.fused(with: relu) == nil)
  }

  @Test("is repeatable, because a normalization is one cheap pass")
  func repeatable() {
    #expect(NormalizationShape(axes: [2, 3, 2], layout: .plain, isAffine: true).isRepeatable)
  }
}
