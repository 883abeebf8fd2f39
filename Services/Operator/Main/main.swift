import OperatorCommands

let program = OperatorProgram(CommandLine.arguments)
program.blockSignalsIfLongRunning()
await program.run()
