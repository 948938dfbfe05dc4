import Fields
import Files
import ModelFiles
import ModelOracles
import Oracles
import Solvers
import Testing
import YAML

@Suite("Solvers of a model file")
struct SolverDeclarationTests {
  private static let solvers = SolverCatalog.all.names.joined(separator: ", ")
  private static let policies = PolicyCatalog.all.names.joined(separator: ", ")

  private func text(_ solver: String) -> String {
    """
    data: {train: {source: spiral}}
    network: [{name: ip, type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]
    solver: {\(solver)}

    """
  }

  @Test(
    "are trained for iterations or epochs",
    arguments: [
      ("max_iter: 5", .iterations(5)), ("max_iter: 5 epochs", .epochs(5)),
      ("max_epochs: 5", .epochs(5)), ("max_epochs: 5, max_iter: ~", .epochs(5)),
    ] as [(String, Duration)])
  func length(fields: String, length: Duration) throws {
    #expect(try model(text("base_lr: 1, \(fields)")).solver.length == length)
  }

  @Test("may leave out the default type, and still have its fields")
  func defaultType() throws {
    let plain = try model(text("base_lr: 1, max_iter: 5, momentum: 0.5")).solver.encoded.yaml
    let typed = try model(text("type: SGD, base_lr: 1, max_iter: 5, momentum: 0.5")).solver
    #expect(plain == typed.encoded.yaml)
    #expect(plain.contains("momentum: 0.5"))
  }

  @Test(
    "refuse wrong values",
    arguments: [
      ("max_iter: 5", 9, "solver: 'base_lr' is missing: expected a number from 0 to 1000000"),
      ("base_lr: 1", 9, "solver: expected either max_iter or max_epochs, received neither"),
      (
        "base_lr: 1, max_iter: 5, max_epochs: 1", 9,
        "solver: expected either max_iter or max_epochs, received both"
      ),
      (
        "base_lr: 1, max_iter: 5, type: Adan", 41,
        "unknown solver type 'Adan' (known types: \(solvers)); did you mean 'Adam'?"
      ),
      (
        "base_lr: 1, max_iter: 5, momentum: 1", 45,
        "momentum: expected a number from 0 to below 1, received '1'"
      ),
      (
        "base_lr: 1, max_iter: 5, momentum_form: torch", 50,
        "momentum_form: expected one of pytorch, caffe, received 'torch'"
      ),
      (
        "base_lr: 1, max_iter: 5, lr_policy: setp", 46,
        "unknown learning-rate policy type 'setp' (known types: \(policies)); did you mean 'step'?"
      ),
      (
        "base_lr: 1, max_iter: 5, lr_policy: [fixed]", 46,
        "lr_policy: expected a learning-rate policy (\(policies)), received a list of 1"
      ),
      (
        "base_lr: 1, max_iter: 5, lr_policy: {type: multistep, stepvalue: [5, 3]}", 46,
        "learning-rate policy multistep: stepvalue [5, 3] is not in rising order"
      ),
      (
        "base_lr: 0.1, max_iter: 5, lr_policy: {type: cosine, min_lr: 0.2}", 9,
        "solver: lr_policy: expected a min_lr of at most base_lr 0.1, received '0.2'"
      ),
      (
        "base_lr: 0.1, max_iter: 5, lr_policy: {type: plateau, min_lr: 1}", 9,
        "solver: lr_policy: expected a min_lr of at most base_lr 0.1, received '1'"
      ),
      (
        "base_lr: 1, max_iter: 5, lr_policy: {type: cosine, t_mult: 2}", 69,
        "t_mult: expected none, since without length there is one period"
      ),
      (
        "base_lr: 1, max_iter: 5, regularization_type: L3", 56,
        "unknown regularizer type 'L3' (known types: L2, L1, elastic, max_norm); did you mean 'L2'?"
      ),
      (
        "base_lr: 1, max_iter: 5, clip_gradients: 0", 51,
        "clip_gradients: expected a number above 0, received '0'"
      ),
      (
        "base_lr: 1, max_iter: 5, iter_size: 0", 46,
        "iter_size: expected an integer from 1 to 1000000, received '0'"
      ),
      (
        "base_lr: 1, max_iter: 5, shards: 257", 43,
        "shards: expected an integer from 1 to 256, received '257'"
      ),
      (
        "base_lr: 1, max_iter: 5, ema: 1", 40,
        "ema: expected a number from 0 to below 1, received '1'"
      ),
      (
        "base_lr: 1, max_iter: 5, warmup: 10", 43,
        "warmup: expected a mapping with length and start_factor, received '10'"
      ),
      (
        "base_lr: 1, max_iter: 5, warmup: {start_factor: 0.5}", 43,
        "warmup: 'length' is missing: expected a number of iterations from 1 to 1000000000000, or "
          + "a text such as '10 epochs'"
      ),
      (
        "base_lr: 1, max_iter: 5, warmup: {length: 2, start_factor: 2}", 69,
        "start_factor: expected a number from 0 to 1, received '2'"
      ),
      (
        "base_lr: 1, max_iter: 5, early_stop: {patience: 3}", 47,
        "early_stop: 'metric' is missing: expected a text"
      ),
      (
        "base_lr: 1, max_iter: 5, early_stop: {metric: loss, patience: 0}", 72,
        "patience: expected an integer from 1 to 1000000000, received '0'"
      ),
      (
        "base_lr: 1, max_iter: 5, early_stop: {metric: loss, patiense: 1}", 62,
        "early_stop: unknown field 'patiense'; did you mean 'patience'?"
      ),
      (
        "base_lr: 1, max_iter: 5, weight_decay: 0.1, regularization_type: "
          + "{type: max_norm, limit: 1}", 9,
        "solver: expected no weight_decay beside regularization_type max_norm, which has no "
          + "strength, received 0.1"
      ),
      (
        "base_lr: 1, max_iter: 5, test_intervall: 1", 35,
        "solver: unknown field 'test_intervall'; did you mean 'test_interval'?"
      ),
    ])
  func mistakes(fields: String, column: Int, message: String) {
    #expect(headlines(in: text(fields)) == ["model.yaml:3:\(column): error: \(message)"])
  }

  @Test("say which length was expected, and which was received")
  func lengths() throws {
    let text = """
      data: {train: {source: spiral}}
      network: [{name: ip, type: Linear, num_output: 3}, {name: loss, type: SoftmaxWithLoss}]
      solver: {base_lr: 0.1, max_iter: 9223372036854775808, test_interval: 2 days}
      """
    let rendered = ModelOracles.mistakes(in: text)
    #expect(
      rendered == """
        model.yaml:3:34: error: max_iter: expected a number of iterations from 1 to 1000000000000, \
        or a text such as '10 epochs', received '9223372036854775808'
            3 | solver: {base_lr: 0.1, max_iter: 9223372036854775808, test_interval: 2 days}
              |                                  ^
        model.yaml:3:70: error: test_interval: expected a number of iterations from 1 to \
        1000000000000, or a text such as '10 epochs', received '2 days'
            3 | …base_lr: 0.1, max_iter: 9223372036854775808, test_interval: 2 days}
              |                                                              ^
        """)
  }

  @Test("write all fields that they read")
  func roundTrip() throws {
    let fields = """
      base_lr: 1, max_iter: 5, warmup: {length: 2 epochs, start_factor: 0.5}, ema: 0.9,
        early_stop: {metric: loss, patience: 3, min_delta: 0.5}, show_regularization: true,
        regularization_type: {type: max_norm, limit: 2}
      """
    let solver = try model(text(fields)).solver
    #expect(solver.warmup?.length == .epochs(2))
    #expect(solver.earlyStop?.patience == 3)
    let encoded = solver.encoded
    for pair in try #require(model(text(fields)).solver.node.pairs) {
      let name = try #require(pair.key.scalar?.text)
      #expect(encoded[name]?.json == pair.value.json, "\(name)")
    }
  }
}
