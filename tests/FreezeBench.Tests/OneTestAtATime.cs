using Xunit.Sdk;
using Xunit.v3;

// libtorch's random generator and its threads belong to the process: two tests at once would take each other's numbers.
[assembly: Parallelization(Mode = ParallelMode.None)]
