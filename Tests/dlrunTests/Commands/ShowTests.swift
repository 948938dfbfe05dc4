import Oracles
import Testing

@Suite struct ShowTests {
  @Test func printsTheLayersOfADeepModel() throws {
    let result = try Program.run(["show", Program.model("digits")], in: TemporaryFolder())
    #expect(result.exitCode == 0)
    #expect(result.errors.isEmpty)
    let lines = result.output.split(separator: "\n").map(String.init)
    #expect(
      lines.dropLast(2) == [
        "data: data 64, label: 10 classes",
        "train phase",
        "layer  type             output  parameters   FLOPs",
        "ip1    Linear           32x64         4160  262144",
        "relu1  ReLU             32x64            0       0",
        "ip2    Linear           32x32         2080  131072",
        "relu2  ReLU             32x32            0       0",
        "ip3    Linear           32x10          330   20480",
        "loss   SoftmaxWithLoss  scalar           0       0",
        "total                                 6570  413696",
        "test phase",
        "layer     type             output  parameters    FLOPs",
        "ip1       Linear           100x64        4160   819200",
        "relu1     ReLU             100x64           0        0",
        "ip2       Linear           100x32        2080   409600",
        "relu2     ReLU             100x32           0        0",
        "ip3       Linear           100x10         330    64000",
        "loss      SoftmaxWithLoss  scalar           0        0",
        "accuracy  Accuracy         scalar           0        0",
        "total                                    6570  1292800",
      ])
    #expect(lines.dropLast().last == "prediction: ip3")
    #expect(lines.last?.hasPrefix("memory: 32.") == true)
  }

  /// An override changes the output.
  @Test func showsAnOverride() throws {
    let result = try Program.run(
      ["show", Program.model("spiral"), "--set", "network.ip1.num_output=10"], in: TemporaryFolder()
    )
    #expect(result.exitCode == 0)
    #expect(
      result.output.hasPrefix(
        """
        data: data 2, label: 3 classes
        train phase
        layer  type             output  parameters  FLOPs
        ip1    Linear           20x10           30    800
        relu1  ReLU             20x10            0      0
        ip2    Linear           20x3            33   1200
        loss   SoftmaxWithLoss  scalar           0      0
        total                                   63   2000

        test phase
        layer     type             output  parameters  FLOPs
        ip1       Linear           20x10           30    800
        relu1     ReLU             20x10            0      0
        ip2       Linear           20x3            33   1200
        loss      SoftmaxWithLoss  scalar           0      0
        accuracy  Accuracy         scalar           0      0
        total                                      63   2000

        prediction: ip2
        memory: 32.5 MiB (history 0.5, program 32.0)

        """))
  }

  /// A network that is equal in both phases is shown once.
  @Test func showsEqualPhasesOnce() throws {
    let folder = try TemporaryFolder()
    try folder.write(
      """
      data: {train: {source: moons, batch_size: 4}}
      network:
        - {name: ip1, type: Linear, num_output: 2}
        - {name: loss, type: SoftmaxWithLoss}
      solver: {base_lr: 0.1, max_iter: 2}
      """, to: "same.yaml")
    let result = try Program.run(["show", "same.yaml"], in: folder)
    #expect(
      result.output.hasPrefix(
        """
        data: data 2, label: 2 classes
        layer  type             output  parameters  FLOPs
        ip1    Linear           4x2              6     32
        loss   SoftmaxWithLoss  scalar           0      0
        total                                    6     32
        prediction: ip1
        memory: 32.0 MiB (
        """))
  }

  /// `show` accepts a model that exceeds the memory, and running it is refused.
  @Test func showsAModelThatExceedsTheMemory() throws {
    let folder = try TemporaryFolder()
    let arguments = [Program.model("spiral"), "--set", "network.ip1.num_output=2147483647"]
    let shown = try Program.run(["show"] + arguments, in: folder)
    #expect(shown.exitCode == 0)
    #expect(shown.output.contains(" GiB (weights 48.0, gradients 48.0, "))
    let refused = try Program.run(["train"] + arguments + ["--memory-limit", "4GiB"], in: folder)
    #expect(refused.exitCode == 1)
    #expect(refused.output.isEmpty)
    #expect(refused.errors.contains(".yaml:13:5: error: model needs "))
    #expect(refused.errors.contains(" GiB (weights 48.0, gradients 48.0, "))
    #expect(
      refused.errors.contains(
        "), limit 4.0 GiB; largest: 'ip1' of 20x2147483647 (160.0), 'relu1' of 20x2147483647 "
          + "(160.0), 'ip2.weight' of 3x2147483647 (24.0)\n"))
    #expect(folder.contents.isEmpty)
  }
}
