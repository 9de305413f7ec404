using FreezeBench.Faults;
using FreezeBench.Tool.Cells;
using FreezeBench.Tool.Tests.Commands;

namespace FreezeBench.Tool.Tests.Cells;

/// <summary>A matrix in a folder of its own, with programs that are scripts of a shell: what they write are made-up rows.</summary>
internal sealed class MatrixFolder : IDisposable
{
    /// <summary>Two policies, two repeats, on any machine.</summary>
    internal const string Four = """{ "cells": [{ "networks": ["resnet18"], "policies": ["frozen", "fine-tune"], "repeats": 2 }] }""";

    private readonly string top = Directory.CreateTempSubdirectory("freezebench-test-").FullName;

    internal MatrixFolder(string text = Four, string name = "m.json")
    {
        Path = At(name);
        File.WriteAllText(Path, text);
        try
        {
            Document = MatrixDocument.Read(Path);
            Cells = CellPlan.Of(Document);
            Job = JobFolder.Of(Path, null);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    internal string Path { get; }

    internal MatrixDocument Document { get; }

    internal IReadOnlyList<Cell> Cells { get; }

    internal JobFolder Job { get; }

    /// <summary>Where <see cref="Program"/> puts them.</summary>
    internal string Programs => At("bundle");

    internal string At(string name) => System.IO.Path.Combine(top, name);

    /// <summary>Makes a program of a bundle. In its text <c>$out</c> is the results folder, <c>$states</c> that of checkpoints, and <c>rows NUMBER</c> writes a run of that number.</summary>
    internal MatrixFolder Program(string text, string name = "bench")
    {
        Directory.CreateDirectory(Programs);
        foreach (var number in Enumerable.Range(1, 4))
            new MadeUpResults().Filled(System.IO.Path.Combine(Programs, "rows", $"{number}"), RunOf(number)).Dispose();
        var path = System.IO.Path.Combine(Programs, name);
        Script.Write(path, $$"""
            #!/bin/bash
            if [[ $1 == --check-commands ]]; then
              while read -r line; do case $line in *'"--resolution","0"'*) echo '"--resolution is 0.\nSee --help."' ;; *) echo null ;; esac; done
              exit
            fi
            all="$*"
            while (($#)); do
              case $1 in --out) out=$2 ;; --checkpoint-dir) states=$2 ;; esac
              shift
            done
            rows() { mkdir -p "$out" && cp -r '{{Programs}}'/rows/$1/. "$out"; }
            {{text}}
            """);
        return this;
    }

    /// <summary>The run id of a run that a program writes.</summary>
    internal static string RunOf(int number) => $"2026010{number}T030405Z-0011aabb";

    /// <summary>An attempt that has ended, with the rows of a run; null: with none.</summary>
    internal string Attempted(Cell cell, string name, int? rows = 1, AttemptOutcome outcome = AttemptOutcome.Finished, int endedAfter = 60, string host = "somewhere")
    {
        var folder = System.IO.Path.Combine(Job.Of(cell), name + (outcome == AttemptOutcome.Running ? JobFolder.UnderWay : ""));
        Directory.CreateDirectory(folder);
        if (rows is { } number)
            new MadeUpResults().Filled(System.IO.Path.Combine(folder, Attempt.ResultsName), RunOf(number)).Dispose();
        var begun = new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
        new Attempt
        {
            Cell = cell.Id,
            Name = name,
            Host = host,
            ProcessId = 1,
            Begun = begun,
            Ended = outcome == AttemptOutcome.Running ? null : begun.AddSeconds(endedAfter),
            Outcome = outcome,
            ExitCode = outcome switch { AttemptOutcome.Running => null, AttemptOutcome.Finished => 0, _ => 1 },
            Command = ["bench"],
        }.Write(folder);
        return folder;
    }

    internal ToolRun Matrix(string verb, params string[] more) => ToolRun.Of(["matrix", verb, Path, .. more]);

    /// <summary>Its plan, by programs that take every command line. The real ones need a second to say so, and are asked in MatrixDocumentTests.</summary>
    internal ToolRun Plan(params string[] more)
    {
        if (OperatingSystem.IsWindows())
            return Matrix("plan", more);
        foreach (var name in Cells.Select(cell => cell.ProgramWord).Distinct())
        {
            Directory.CreateDirectory(Programs);
            Script.Write(System.IO.Path.Combine(Programs, name), "#!/bin/bash\nwhile read -r; do echo null; done\n");
        }
        return Matrix("plan", ["--programs", Programs, .. more]);
    }

    public void Dispose() => Directory.Delete(top, recursive: true);
}
