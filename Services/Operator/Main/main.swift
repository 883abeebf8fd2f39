import OperatorCommands

let program = OperatorProgram(CommandLine.arguments)
program.ignoreBrokenPipesIfLongRunning()
await program.run()
