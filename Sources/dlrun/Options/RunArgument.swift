internal import ArgumentParser

/// The argument that names a run.
enum RunArgument {
  static let help = ArgumentHelp(
    "The folder of a run, such as runs/spiral/003. runs/spiral means its latest run.",
    valueName: "run")
}
