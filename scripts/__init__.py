"""The commands: they parse options, print and set exit codes, nothing else.

`run_supplementary` and `analyze` are thin; what they do once called stands in `running` and
`analyzing`. Heavy imports wait until they are needed, so that --help answers at once. Only this
package may use both runner and analysis. Begin with `run_supplementary`.
"""
