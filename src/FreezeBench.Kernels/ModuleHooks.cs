using System.Collections;
using System.Reflection;
using static TorchSharp.torch;

namespace FreezeBench.Kernels;

/// <summary>Whether somebody hangs on a module's forward pass, which TorchSharp tells nobody.</summary>
internal static class ModuleHooks
{
    // Of HookableModule, whose type arguments differ from module to module.
    private static readonly string[] names = ["pre_hooks", "post_hooks", "module_pre_hooks", "module_post_hooks"];

    /// <summary>Whether there is a hook.</summary>
    /// <exception cref="MissingFieldException">This TorchSharp keeps its hooks elsewhere.</exception>
    internal static bool AreOn(nn.Module module) => names.Any(name => Field(module.GetType(), name).GetValue(module) is ICollection { Count: > 0 });

    private static FieldInfo Field(Type type, string name)
    {
        for (var owner = type; owner is not null; owner = owner.BaseType)
            if (owner.GetField(name, BindingFlags.Instance | BindingFlags.NonPublic | BindingFlags.DeclaredOnly) is { } field)
                return field;
        throw new MissingFieldException(type.FullName, name);
    }
}
