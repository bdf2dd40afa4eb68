<?php
use PHPUnit\Framework\TestCase;

function slug(string $title): string
{
    return preg_replace('/[^A-Za-z0-9]+/', '-', $title);
}

final class SlugTest extends TestCase
{
    public function testJoinsWords(): void
    {
        $this->assertSame('a-b', slug('a b'));
    }

    public function testLowersCapitals(): void
    {
        $this->assertSame('hello-world', slug('Hello World'));
    }
}
