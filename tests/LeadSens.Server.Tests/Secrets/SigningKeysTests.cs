using System.Security.Cryptography;
using LeadSens.Server.Secrets;

namespace LeadSens.Server.Tests.Secrets;

public sealed class SigningKeysTests
{
    private readonly RetiredKeys _retired = new();

    /// <summary>What installations signed before there was a rotation.</summary>
    [Theory]
    [InlineData(SigningUse.Receipts)]
    [InlineData(SigningUse.Links)]
    [InlineData(SigningUse.Exports)]
    public void The_keys_are_derived_as_they_always_were(string use) =>
        With(SecretBoxTests.Key).Current(use).ShouldBe(HKDF.DeriveKey(HashAlgorithmName.SHA256, Convert.FromHexString(SecretBoxTests.Key), 32, info: System.Text.Encoding.UTF8.GetBytes(use)));

    [Fact]
    public void What_a_replaced_key_signed_still_verifies_and_only_for_its_use()
    {
        var signature = Sign(With(SecretBoxTests.Key).Current(SigningUse.Links));
        var rotated = With(SecretBoxTests.Other, SecretBoxTests.Key);

        rotated.Verify(SigningUse.Links, signature, Sign).ShouldBeTrue();
        rotated.Verify(SigningUse.Exports, signature, Sign).ShouldBeFalse();
        Sign(rotated.Current(SigningUse.Links)).ShouldNotBe(signature);
    }

    [Fact]
    public void A_retired_key_verifies_when_its_master_key_is_gone()
    {
        var old = With(SecretBoxTests.Key).Current(SigningUse.Receipts);
        With(SecretBoxTests.Other).Verify(SigningUse.Receipts, Sign(old), Sign).ShouldBeFalse();

        _retired.Take([(SigningUse.Receipts, "old", old)]);

        With(SecretBoxTests.Other).Verify(SigningUse.Receipts, Sign(old), Sign).ShouldBeTrue();
    }

    [Fact]
    public void A_retired_key_signs_no_links_and_no_exports_wherever_it_still_is()
    {
        var old = new MasterKey(SecretBoxTests.Key);
        _retired.Take(SigningUse.All.Select(use => (use, old.ToString(), old.Derive(use))));

        foreach (var keys in (SigningKeys[])[With(SecretBoxTests.Other), With(SecretBoxTests.Other, SecretBoxTests.Key)])
        foreach (var use in SigningUse.All)
            keys.Verify(use, Sign(old.Derive(use)), Sign).ShouldBe(use is SigningUse.Receipts or SigningUse.Audit, use);
    }

    private SigningKeys With(string current, params string[] previous) => new(new MasterKeys(current, previous), _retired);

    private static byte[] Sign(byte[] key) => HMACSHA256.HashData(key, "what was said"u8);
}
