using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using FreezeBench.Results;
using TorchSharp;

namespace FreezeBench.Networks.General;

/// <summary>What a module of the user's throws, as one message: his code is at fault, and not the run.</summary>
internal static class ModuleFault
{
    /// <summary>Runs code of the user's.</summary>
    /// <param name="what">What cannot be done where it throws.</param>
    /// <param name="code">His code, or a call of it.</param>
    /// <exception cref="UserErrorException">It throws: what, why, and where in his code.</exception>
    internal static T Told<T>(string what, Func<T> code)
    {
        try
        {
            return code();
        }
        catch (Exception error) when (error is not (UserErrorException or OutOfMemoryException))
        {
            // TorchSharp reports all that libtorch throws as this; after the first line come addresses within libtorch.
            var reason = error is ExternalException ? $"libtorch says: {error.Message.Split('\n')[0]}" : $"{error.GetType().Name}: {error.Message}";
            throw new UserErrorException($"{what}: {reason}{Place(error)}", error);
        }
    }

    // The innermost call that is neither TorchSharp's nor .NET's nor FreezeBench's own.
    private static string Place(Exception error)
    {
        var libraries = Path.GetDirectoryName(typeof(object).Assembly.Location);
        foreach (var frame in new StackTrace(error, fNeedFileInfo: true).GetFrames())
            if (frame.GetMethod() is { DeclaringType: { } type } method && type.Assembly is var assembly && assembly != typeof(torch).Assembly
                && assembly != typeof(ModuleFault).Assembly && !(assembly.Location is { Length: > 0 } file && Path.GetDirectoryName(file) == libraries))
                return $" ({Named(type, method)}{(frame.GetFileName() is { } source ? $", {Path.GetFileName(source)} line {frame.GetFileLineNumber()}" : "")})";
        return "";
    }

    // A lambda's own names are the compiler's.
    private static string Named(Type type, MethodBase method) => method.Name.Contains('<', StringComparison.Ordinal)
        ? $"in {(type.Name.Contains('<', StringComparison.Ordinal) ? type.DeclaringType : type)?.Name.Trim('<', '>', '$')}"
        : $"in {type.Name}.{method.Name.TrimStart('.')}";
}
