using System.Diagnostics;
using FreezeBench.Weights.Files;
using FreezeBench.Weights.Tensors;
using Xunit;

namespace FreezeBench.Tests.Weights;

/// <summary>Pickles made by hand: code that must not run, and structures that must not cost time or memory.</summary>
public class HostilePickleTests
{
    private static readonly byte[] fourFloats = new byte[16];

    [Theory]
    [InlineData("os", "system")]
    [InlineData("posix", "system")]
    [InlineData("builtins", "eval")]
    [InlineData("builtins", "getattr")]
    [InlineData("__builtin__", "exec")]
    [InlineData("torch", "load")]
    [InlineData("torch.hub", "load")]
    [InlineData("collections", "OrderedDict.__init__")]
    [InlineData("numpy.core.multiarray", "scalar")]
    [InlineData("argparse", "Namespace")]
    [InlineData("torch", "QInt8Storage")]
    [InlineData("torch._utils", "_rebuild_qtensor")]
    public void GlobalOutsideTheList_IsRefusedByName(string module, string name)
    {
        var message = $"'{module}.{name}' is not part of a state dict; the file may be hostile and was not executed. Save model.state_dict() alone, with torch.save.";
        var pickle = PickleBuilder.Dict(p => p.Global(module, name).Text("touch hacked").Raw(0x85).Op('R'));
        Assert.Equal(message, Refusal.Of(new ZipBuilder().AddStateDict(pickle).End()));
        Assert.Equal(message, Refusal.Of(LegacyBuilder.File(pickle)));
        // Protocol 4's way of naming a global.
        var stackGlobal = PickleBuilder.Dict(p => p.Text(module).Text(name).Raw(0x93).Op(')').Op('R'));
        Assert.Equal(message, Refusal.Of(LegacyBuilder.File(stackGlobal)));
        Assert.Equal("it is a pickle, but not one of PyTorch's. Save model.state_dict() with torch.save.", Refusal.Of(stackGlobal));
    }

    [Fact]
    public void WhatIsPutIntoAnObject_IsForgotten_AndNothingOfItIsBuilt()
    {
        // {"hyper_parameters": os.system("touch hacked") with a dict, a list and a state put into it, "w": a tensor}
        var pickle = new PickleBuilder().Op('}').Text("hyper_parameters").Global("os", "system").Text("touch hacked").Raw(0x85).Op('R')
            .Op('(').Text("a").Number(1).Op('u').Op('(').Number(1).Op('e').Op('}').Op('b').Op('s').Text("w").Tensor("0", 4, 0, [4], [1]).Op('s').End();
        var file = StateDictFile.Parse("x", LegacyBuilder.File(pickle, ("0", 4, fourFloats)));

        Assert.Equal("w", Assert.Single(file.Entries).Name);
        Assert.Equal(
            new UnreadEntry("hyper_parameters", "'os.system' is not part of a state dict; the file may be hostile and was not executed. Save model.state_dict() alone, with torch.save"), Assert.Single(file.Unread));
    }

    [Fact]
    public void WrappersThatHoldThemselves_AreLookedAtOnce()
    {
        // {"model": d} where d is {"model": d, "ema": d}: no tensors, however deep one looks.
        var pickle = new PickleBuilder().Op('}').Text("model").Op('}').Raw((byte)'q', 0).Text("model").Raw((byte)'h', 0).Op('s').Text("ema").Raw((byte)'h', 0).Op('s').Op('s').End();
        Assert.Equal("entry 'model' is a dict, not a tensor.", Refusal.Of(LegacyBuilder.File(pickle)));
    }

    [Fact]
    public void OneDictThatManyEntriesNameIsLookedThroughOnce()
    {
        // 30,000 keys with one dict of 30,000 keys: 9 * 10^8 looks if each were made.
        var pickle = new PickleBuilder().Op('}').Raw((byte)'q', 0).Op('(');
        for (var key = 0; key < 30_000; key++) pickle.Op('N').Op('N');
        pickle.Op('u').Op('0').Op('}').Op('(');
        for (var key = 0; key < 30_000; key++) pickle.Text("k").Raw((byte)'h', 0);
        var clock = Stopwatch.StartNew();
        Assert.Equal("entry 'k' is a dict, not a tensor.", Refusal.Of(LegacyBuilder.File(pickle.Op('u').End())));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData('i')]   // INST: names a class and calls it
    [InlineData('o')]   // OBJ
    [InlineData('\u0082')]   // EXT1
    [InlineData('P')]   // PERSID
    [InlineData('I')]   // INT of protocol 0
    [InlineData('F')]   // FLOAT of protocol 0
    [InlineData('\u0097')]   // NEXT_BUFFER
    public void OpcodeOutsideTheList_IsRefused(char opcode) =>
        Assert.Contains($"the pickle opcode 0x{(int)opcode:x2} at byte", Refusal.Of(LegacyBuilder.File(PickleBuilder.Dict(p => p.Op(opcode)))));

    [Fact]
    public void NameWithControlCharacters_IsEscaped()
    {
        var message = Refusal.Of(LegacyBuilder.File(PickleBuilder.Dict(p => p.Global("os\u001b[31m", "system\r\u202e"))));
        Assert.StartsWith(@"'os\u001b[31m.system\u000d\u202e' is not part of a state dict", message);
    }

    [Fact]
    public void ClosedListCalledWithOtherArguments_IsRefused()
    {
        Assert.Contains("'collections.OrderedDict'", Refusal.Of(LegacyBuilder.File(PickleBuilder.Dict(p => p.Global("collections", "OrderedDict")))));
        Assert.Contains("called with arguments that torch does not give it", Refusal.Of(LegacyBuilder.File(PickleBuilder.Dict(
            p => p.Global("torch._utils", "_rebuild_tensor_v2").Op(')').Op('R')))));
        Assert.Contains("called with arguments", Refusal.Of(LegacyBuilder.File(PickleBuilder.Dict(
            p => p.Global("torch", "FloatStorage").Number(1L << 40).Raw(0x85).Op('R')))));
        Assert.Contains("something else than a list of pairs", Refusal.Of(LegacyBuilder.File(PickleBuilder.Dict(
            p => p.Global("collections", "OrderedDict").Text("a").Raw(0x85).Op('R')))));
    }

    [Fact]
    public void ListInsideItself_IsRefusedWithoutEnd()
    {
        var pickle = PickleBuilder.Dict(p => p.Op(']').Raw((byte)'q', 0, (byte)'h', 0, (byte)'a'));
        Assert.Equal("entry 'w' is a list, not a tensor.", Refusal.Of(LegacyBuilder.File(pickle)));
    }

    [Fact]
    public void DeepNesting_DoesNotOverflowTheStack()
    {
        var pickle = new PickleBuilder();
        for (var level = 0; level < 90_000; level++) pickle.Op(']');
        for (var level = 1; level < 90_000; level++) pickle.Op('a');
        Assert.Equal("it holds a list, not a state dict. Save model.state_dict() with torch.save.", Refusal.Of(LegacyBuilder.File(pickle.End())));
    }

    [Fact]
    public void MemoBomb_CostsNoMoreThanItsBytes()
    {
        // Each list holds the one before ten times: 10^40 items if it were ever written out.
        var pickle = new PickleBuilder().Op(']').Raw((byte)'q', 0);
        for (byte level = 1; level <= 40; level++)
        {
            pickle.Op(']').Op('(');
            for (var copy = 0; copy < 10; copy++) pickle.Raw((byte)'h', (byte)(level - 1));
            pickle.Op('e').Raw((byte)'q', level);
        }
        var file = LegacyBuilder.File(pickle.Raw(0x85).End());
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains("values are left over", Refusal.Of(file));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 200_000);
    }

    [Fact]
    public void RepeatedCopies_AreBounded()
    {
        // One list of 10,000 pairs and 10,000 calls that each ask for a copy of it.
        var pickle = new PickleBuilder().Op(']').Op('(');
        for (var pair = 0; pair < 10_000; pair++) pickle.Op(')');
        pickle.Op('e').Raw((byte)'q', 0);
        pickle.Op(']').Op('(').Text("a").Op('N').Op('e').Raw((byte)'q', 1);
        pickle.Op(']').Op('(');
        for (var pair = 0; pair < 10_000; pair++) pickle.Raw((byte)'h', 1);
        pickle.Op('e').Raw((byte)'q', 2);
        pickle.Op('(');
        for (var copy = 0; copy < 10_000; copy++) pickle.Global("collections", "OrderedDict").Raw((byte)'h', 2, 0x85, (byte)'R');
        var clock = Stopwatch.StartNew();
        Assert.Contains("takes more than 200000 operations", Refusal.Of(LegacyBuilder.File(pickle.Op('t').End())));
        Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void TooManyOperations_AreRefused()
    {
        var pickle = new PickleBuilder().Raw([.. Enumerable.Repeat((byte)'N', 200_001)]);
        Assert.Contains("takes more than 200000 operations", Refusal.Of(LegacyBuilder.File(pickle.End())));
    }

    [Theory]
    [InlineData("58ffffffff", "4294967295 bytes are needed")]               // BINUNICODE
    [InlineData("8dffffffffffffffff", "18446744073709551615 bytes are needed")]   // BINUNICODE8
    [InlineData("54ffffffff", "4294967295 bytes are needed")]               // BINSTRING
    [InlineData("58010000008b", "is not UTF-8")]
    [InlineData("6800", "recalls value 0, which it never stored")]
    [InlineData("6a00000080", "recalls value 2147483648")]
    [InlineData("74", "takes more from the stack")]                         // TUPLE without MARK
    [InlineData("2861", "takes more from the stack")]                       // APPEND below a mark
    [InlineData("2e", "values are left over")]
    [InlineData("5d4e4e73", "a dict was expected")]
    [InlineData("7d284e75", "a key without a value")]
    [InlineData("8006", "pickle protocol 6")]
    [InlineData("8001", "pickle protocol 1")]
    [InlineData("63", "no line end")]
    [InlineData("5d4e62", "gives attributes to something else")]                 // BUILD on a list
    public void DamagedPickle_SaysWhatIsWrong(string opcodes, string reason)
    {
        // Nothing behind it: the dict, its key, and then the opcodes are the end of the file.
        byte[] file = [.. LegacyBuilder.Start, .. PickleBuilder.Dict(_ => { })[..^2], .. Convert.FromHexString(opcodes)];
        Assert.Contains(reason, Refusal.Of(file));
    }

    [Fact]
    public void KeyOrEntryOfAnotherKind_IsNamed()
    {
        Assert.Equal("entry 'w' is a number, not a tensor.", Refusal.Of(LegacyBuilder.File(PickleBuilder.Dict(p => p.Number(1)))));
        Assert.Equal("entry 'w' is None, not a tensor.", Refusal.Of(LegacyBuilder.File(PickleBuilder.Dict(p => p.Op('N')))));
        Assert.Equal("it holds no tensor.", Refusal.Of(LegacyBuilder.File(new PickleBuilder().Op('}').End())));
        Assert.Equal("it holds a tensor, not a state dict. Save model.state_dict() with torch.save.", Refusal.Of(
            LegacyBuilder.File(new PickleBuilder().Tensor("0", 4, 0, [4], [1]).End(), ("0", 4, fourFloats))));
        var numbered = new PickleBuilder().Op('}').Number(1).Tensor("0", 4, 0, [4], [1]).Op('s').End();
        Assert.Equal("a key of the state dict is a number, not a name.", Refusal.Of(LegacyBuilder.File(numbered, ("0", 4, fourFloats))));
    }

    [Fact]
    public void NameThatOccursTwice_IsRefused()
    {
        var twice = new PickleBuilder().Op('}').Text("w").Tensor("0", 4, 0, [4], [1]).Op('s').Text("w").Tensor("0", 4, 0, [2], [1]).Op('s').End();
        Assert.Equal("the entry 'w' occurs twice.", Refusal.Of(LegacyBuilder.File(twice, ("0", 4, fourFloats))));
        var model = new PickleBuilder().Op('}').Text("model").Op('}').Op('s').Text("model").Op('}').Op('s').End();
        Assert.Equal("the key 'model' occurs twice.", Refusal.Of(LegacyBuilder.File(model)));
    }

    [Theory]
    [InlineData("torch.IntStorage", "int32")]
    [InlineData("torch.ByteStorage", "uint8")]
    [InlineData("torch.BoolStorage", "bool")]
    [InlineData("torch.cuda.ComplexDoubleStorage", "complex128")]
    public void TypeThatIsNotRead_IsNamed(string storage, string type)
    {
        var bytes = ElementType.Known.Single(known => known.Name == type).Bytes * 4;
        Assert.Equal($"entry 'w' is {type}; these types are read: float32, float16, bfloat16, float64, int64.", Refusal.Of(
            LegacyBuilder.File(PickleBuilder.Dict(p => p.Tensor("0", 4, 0, [4], [1], storage)), ("0", 4, new byte[bytes]))));
    }
}
