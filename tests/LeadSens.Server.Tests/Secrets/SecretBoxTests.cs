using System.Security.Cryptography;
using System.Text;
using FsCheck;
using FsCheck.Fluent;
using LeadSens.Server.Secrets;

namespace LeadSens.Server.Tests.Secrets;

public sealed class SecretBoxTests
{
    public const string Key = "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";
    public const string Other = "ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100";
    private const string Place = "connections.credentials/ws/hubspot";

    /// <summary>Made by another implementation of HKDF and GCM.</summary>
    private const string Envelope = "0152a2d6afebb9d2a7000102030405060708090a0b5606ed27adaed2c12b6fc175c17d52fa352927488979347a28bffc63a49dc3";

    private readonly SecretBox _box = new(new MasterKeys(Key));

    /// <summary>Case 16 of the GCM specification, which NIST took over.</summary>
    [Fact]
    public void The_cipher_answers_the_published_vector()
    {
        using var cipher = new AesGcm(Convert.FromHexString("feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308"), 16);
        var plaintext = Convert.FromHexString("d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39");
        var (ciphertext, tag) = (new byte[plaintext.Length], new byte[16]);

        cipher.Encrypt(Convert.FromHexString("cafebabefacedbaddecaf888"), plaintext, ciphertext, tag, Convert.FromHexString("feedfacedeadbeeffeedfacedeadbeefabaddad2"));

        Convert.ToHexStringLower(ciphertext).ShouldBe("522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662");
        Convert.ToHexStringLower(tag).ShouldBe("76fc6ece0f4e1768cddf8853bb2d551b");
    }

    [Fact]
    public void An_envelope_of_this_version_opens_for_ever() =>
        Encoding.UTF8.GetString(_box.Open(Convert.FromHexString(Envelope), Place)).ShouldBe("a refresh token");

    [Fact]
    public void Whatever_is_sealed_opens_in_its_place_and_shows_nothing_outside() =>
        Prop.ForAll<byte[], NonNull<string>>((plaintext, context) =>
        {
            var envelope = _box.Seal(plaintext, context.Get);
            return envelope.Length == plaintext.Length + SecretBox.Overhead && _box.Open(envelope, context.Get).SequenceEqual(plaintext)
                && (plaintext.Length < 4 || envelope.AsSpan().IndexOf(plaintext) < 0);
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void The_same_value_is_never_sealed_alike() =>
        Enumerable.Range(0, 1_000).Select(_ => Convert.ToHexString(_box.Seal("key"u8, Place).AsSpan(9, 12))).Distinct().Count().ShouldBe(1_000);

    [Fact]
    public void A_change_of_any_byte_is_noticed()
    {
        var envelope = _box.Seal("secret"u8, Place);

        foreach (var at in Enumerable.Range(0, envelope.Length))
        {
            var changed = envelope.ToArray();
            changed[at] ^= 1;
            Should.Throw<SealBrokenException>(() => _box.Open(changed, Place), $"byte {at}");
        }
    }

    [Fact]
    public void A_piece_of_an_envelope_is_none()
    {
        var envelope = _box.Seal("secret"u8, Place);

        foreach (var length in Enumerable.Range(0, envelope.Length)) Should.Throw<SealBrokenException>(() => _box.Open(envelope[..length], Place));
    }

    [Fact]
    public void A_value_does_not_open_in_another_rows_place() =>
        Should.Throw<SealBrokenException>(() => _box.Open(_box.Seal("secret"u8, Place), "connections.credentials/other/hubspot")).Message.ShouldNotContain("secret");

    [Fact]
    public void An_unknown_key_is_named_by_its_id() =>
        Should.Throw<SealBrokenException>(() => new SecretBox(new MasterKeys(Other)).Open(_box.Seal("secret"u8, Place), Place)).Message.ShouldContain("52a2d6afebb9d2a7");

    [Fact]
    public void A_replaced_key_opens_and_seals_no_more()
    {
        var rotating = new SecretBox(new MasterKeys(Other, Key));

        var old = _box.Seal("secret"u8, Place);
        var renewed = rotating.Seal(rotating.Open(old, Place), Place);

        (rotating.IsCurrent(old), rotating.IsCurrent(renewed)).ShouldBe((false, true));
        new SecretBox(new MasterKeys(Other)).Open(renewed, Place).ShouldBe("secret"u8.ToArray());
        Should.Throw<SealBrokenException>(() => _box.Open(renewed, Place));
    }

    [Fact]
    public void The_master_key_is_used_by_nothing_directly()
    {
        var key = new MasterKey(Key);
        string[] uses = ["leadsens-sealed-1", "leadsens-key-id-1", .. SigningUse.All];

        uses.Select(use => Convert.ToHexStringLower(key.Derive(use))).Append(Key).ShouldBeUnique();
    }

    [Theory]
    [InlineData("a/b", "c", "a", "b/c")]
    [InlineData("", "a", "a", "")]
    public void Two_rows_never_share_a_context(string first, string second, string otherFirst, string otherSecond)
    {
        var column = new SealedColumn("t", "c", "x", "y");

        column.ContextOf(first, second).ShouldNotBe(column.ContextOf(otherFirst, otherSecond));
    }
}
