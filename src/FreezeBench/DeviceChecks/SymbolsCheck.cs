using System.Runtime.InteropServices;
using FreezeBench.Results.Verification;
using FreezeBench.Torch.Loading;

namespace FreezeBench.DeviceChecks;

/// <summary>The functions of libtorch that are called by their exported C++ names.</summary>
internal static class SymbolsCheck
{
    internal static CheckFinding Find(CheckedDevice device) => RuntimeInformation.IsOSPlatform(OSPlatform.Windows)
        ? CheckFinding.NotApplicable("Windows' names are others, and nothing is called by them")
        : Found(name => ExportedSymbol.TryFind(name) is not null);

    internal static CheckFinding Found(Func<string, bool> isExported)
    {
        var missing = CalledSymbols.All.Where(name => !isExported(name)).ToList();
        VerifiedFigure figure = new("symbols", CalledSymbols.All.Count - missing.Count) { AtLeast = CalledSymbols.All.Count };
        return missing is [] ? CheckFinding.Of(figure) : CheckFinding.Failed($"this libtorch does not export {string.Join(", ", missing)}", figure);
    }
}
