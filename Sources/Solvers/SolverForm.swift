internal import Fields
internal import Plans

/// The implementation whose formula or defaults a solver follows, if PyTorch and Caffe differ.
package enum SolverForm: String, FieldChoice {
  /// As in torch.optim.
  case pytorch
  /// As in Caffe.
  case caffe
}
