using FreezeBench.Torch.Loading;
using Xunit;

namespace FreezeBench.Tests.Torch.Loading;

public class GlibcxxCureTests
{
    public GlibcxxCureTests() =>
        Assert.SkipUnless(File.Exists(NativeFolder.RealLibraryPath), "TorchSharp's Linux library is not in this output folder.");

    [Fact]
    public void ShippedLibrary_GetsOneWeakFlag_AndKeepsAllOtherBytes()
    {
        var original = NativeFolder.RealLibrary;
        var cured = GlibcxxCure.Apply(original);

        var changed = Enumerable.Range(0, original.Length).Where(at => original[at] != cured[at]).ToList();
        var need = Assert.Single(new ElfImage(original).NeededVersions(), need => need.Version == "GLIBCXX_3.4.32");
        Assert.Equal([need.FlagsAt], changed);
        Assert.Equal((0, 2), (original[need.FlagsAt], cured[need.FlagsAt]));
        Assert.Equal(["GLIBCXX_3.4.32"], new ElfImage(cured).NeededVersions().Where(n => n.Flags != 0).Select(n => n.Version));
    }

    [Fact]
    public void ShippedLibrary_IsReadAsReadelfReadsIt()
    {
        var needs = new ElfImage(NativeFolder.RealLibrary).NeededVersions();

        Assert.Equal(28, needs.Count);
        Assert.Equal(20, needs.Count(need => need.Library == "libstdc++.so.6"));
        Assert.Contains(needs, need => need is { Library: "libc.so.6", Version: "GLIBC_2.34", Index: 24 });
        Assert.Equal(["_ZSt21ios_base_library_initv"], new ElfImage(NativeFolder.RealLibrary).SymbolsOfVersion(18));
    }

    [Fact]
    public void SymbolThatIsCalled_IsRefused()
    {
        var library = NativeFolder.RealLibrary;
        // Rename the uncalled symbol: now another one needs the version.
        var name = "_ZSt21ios_base_library_initv"u8;
        library[library.AsSpan().IndexOf(name) + 1] = (byte)'Y';

        var error = Assert.Throws<InvalidDataException>(() => GlibcxxCure.Apply(library));
        Assert.Equal("it calls _YSt21ios_base_library_initv of GLIBCXX_3.4.32", error.Message);
    }

    [Fact]
    public void LibraryWithoutTheVersion_IsRefused()
    {
        var library = NativeFolder.RealLibrary;
        library[library.AsSpan().IndexOf("GLIBCXX_3.4.32"u8) + 13] = (byte)'3';

        var error = Assert.Throws<InvalidDataException>(() => GlibcxxCure.Apply(library));
        Assert.Equal("it states 0 needs of GLIBCXX_3.4.32, not one", error.Message);
    }

    [Fact]
    public void TruncatedLibrary_IsRefused()
    {
        var library = NativeFolder.RealLibrary;
        for (var length = 0; length < library.Length; length = length < 128 ? length + 1 : length * 3 / 2)
            Assert.Throws<InvalidDataException>(() => GlibcxxCure.Apply(library[..length]));
    }

    [Fact]
    public void DamagedLibrary_EndsInTheDocumentedExceptionOnly()
    {
        var library = NativeFolder.RealLibrary;
        var header = new ElfImage(library).NeededVersions()[0].FlagsAt - 20;
        var sections = BitConverter.ToInt32(library, 40);
        var random = new Random(1);
        for (var trial = 0; trial < 600; trial++)
        {
            // In turn the file header, the section headers and the version needs: anywhere else nothing is read.
            var (start, length) = (trial % 3) switch { 0 => (0, 64), 1 => (sections, library.Length - sections), _ => (header, 0x220) };
            // Mended afterwards: a copy of the library for each trial would take longer than the trial.
            Stack<(int Place, byte Sound)> mended = [];
            for (var count = random.Next(1, 5); count > 0; count--)
            {
                var place = start + random.Next(length);
                mended.Push((place, library[place]));
                library[place] = (byte)random.Next(256);
            }
            try
            {
                GlibcxxCure.Apply(library);
            }
            catch (InvalidDataException)
            {
            }
            while (mended.TryPop(out var byteAt))
                library[byteAt.Place] = byteAt.Sound;
        }
    }

    [Fact]
    public void VersionNeedThatLinksToItself_Ends()
    {
        var library = NativeFolder.RealLibrary;
        var first = new ElfImage(library).NeededVersions()[0].FlagsAt - 4 - 16;
        // vn_cnt to its largest, the version's vna_next to 0.
        library.AsSpan(first + 2, 2).Fill(0xff);
        library.AsSpan(first + 16 + 12, 4).Clear();

        var error = Assert.Throws<InvalidDataException>(() => GlibcxxCure.Apply(library));
        Assert.Equal("its version needs point outside their section", error.Message);
    }
}
