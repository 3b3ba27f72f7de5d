using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace LeadSens.Server.Identity;

/// <summary>ASP.NET Core Identity's hasher: PBKDF2 with HMAC-SHA512, a salt of 128 bits and the iterations that OWASP's Password
/// Storage Cheat Sheet asks for. It compares in constant time.</summary>
internal sealed class Passwords
{
    public const int Iterations = 220_000;

    /// <summary>The hasher asks for a user and does not look at it.</summary>
    private static readonly object User = new();

    private readonly PasswordHasher<object> hasher;

    /// <summary>Made with the hasher, not when it is first needed: the first unknown address would take twice as long.</summary>
    private readonly string nobodys;

    public Passwords(int iterations = Iterations)
    {
        hasher = new(Options.Create(new PasswordHasherOptions { IterationCount = iterations }));
        nobodys = Hash(Secret.New("").Text);
    }

    public string Hash(string password) => hasher.HashPassword(User, password);

    /// <summary>Takes as long without a hash (an account that is not there or is locked) as with one, and is then false.</summary>
    /// <param name="betterHash">Set where the password is right and its hash is of an older cost.</param>
    public bool Verify(string? hash, string password, out string? betterHash)
    {
        var result = hasher.VerifyHashedPassword(User, hash ?? nobodys, password);
        betterHash = hash is not null && result == PasswordVerificationResult.SuccessRehashNeeded ? Hash(password) : null;
        return hash is not null && result != PasswordVerificationResult.Failed;
    }
}
